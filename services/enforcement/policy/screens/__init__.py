"""The screens of policy."""

from fastapi import APIRouter

from services.enforcement.policy.screens import mandates, matrices

router = APIRouter()
for each in (mandates, matrices):
    router.include_router(each.router)

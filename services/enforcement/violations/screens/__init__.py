"""The screens of violations."""

from fastapi import APIRouter

from services.enforcement.violations.screens import forms, work_list

router = APIRouter()
for each in (work_list, forms):
    router.include_router(each.router)

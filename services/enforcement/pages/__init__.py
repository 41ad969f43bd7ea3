"""The screens of enforcement."""

from fastapi import APIRouter

router = APIRouter()

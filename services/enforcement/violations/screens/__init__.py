"""The screens of violations."""

from services.enforcement.violations.screens.violations import router

__all__ = ["router"]

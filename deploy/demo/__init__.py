"""Example data: an agency of three years, through the import and the handlers of a real one."""

from deploy.demo.load import load

__all__ = ["load"]

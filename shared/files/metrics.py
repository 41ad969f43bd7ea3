"""Figures of files, on the process's `/metrics`."""

from shared.figures import Figure

FILES = Figure("vth_files", "Files received, refused and found infected later", "result")

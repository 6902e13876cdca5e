"""A document and the forms -> the reports in it. Knows the forms' words, and no file formats."""

from pipelines.read.report import NotAReport, read

__all__ = ["NotAReport", "read"]

"""Documents: a frozen snapshot becomes a page, PDF, XLSX or DOCX, the same bytes every time.

A template (a versioned function) turns the values of a snapshot into a `Paper`: headings, facts and
tables with typed cells. Each form draws any paper, so a figure is the same in all of them.
"""

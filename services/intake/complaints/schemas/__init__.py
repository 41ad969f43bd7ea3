"""The wire models of complaints."""

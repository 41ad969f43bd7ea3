"""The API of complaints."""

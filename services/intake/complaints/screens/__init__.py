"""The screens of complaints."""

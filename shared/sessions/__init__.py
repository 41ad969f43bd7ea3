"""Sessions of people at the screens: kept in a database of their own, for all services."""

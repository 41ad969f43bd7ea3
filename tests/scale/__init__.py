"""What every list, search, detail and export costs when the tables are large."""

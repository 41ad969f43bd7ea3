"""What every service stands on: database, messaging, HTTP, screens, contracts of events."""

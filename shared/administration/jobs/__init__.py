"""Jobs for people: followed, cancelled and tried again, on screen and by the API."""

"""What a table of official station results shows by itself: never proof of one station (docs/analyst.md)."""

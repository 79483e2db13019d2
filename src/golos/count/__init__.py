"""Count: entries and official results in, tallies and findings out. Pure; no input or output."""

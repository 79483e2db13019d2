"""What makes the files that the wheel only reads: not part of the run time."""

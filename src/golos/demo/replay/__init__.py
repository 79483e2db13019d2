"""Replay: a published table of citizens' counts as individual voters, sent through the real doors once more."""

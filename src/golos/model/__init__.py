"""The nouns of Golos. Everything here is frozen and does no input or output."""

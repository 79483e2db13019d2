"""Demo: a synthetic nation whose truth is known, run through the real doors."""

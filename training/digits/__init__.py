"""Training of the digit network: sources of handwriting, disturbed cells, the fit, its report."""

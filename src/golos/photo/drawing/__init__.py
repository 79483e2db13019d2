"""Drawing: specimen ballots, and pictures of them as a hand would mark and a phone would take them."""

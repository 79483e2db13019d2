"""Photo: bytes -> Reading; telling copies apart; the publishable picture. Pure functions, CPU only."""

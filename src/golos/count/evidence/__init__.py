"""How strong the citizens' evidence is, and what could undo it (docs/analyst.md)."""

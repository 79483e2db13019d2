"""Intake: one module per use case. What a sender asks for is checked once, made durable, and answered."""

"""Settings, one module per environment; what they share is in base."""

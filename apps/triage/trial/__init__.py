"""Makes alert rules fire on purpose: real errors, the real watch, real receivers, and TEST before every message."""

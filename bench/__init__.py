"""Measurements: what the documentation claims, with the command that makes the figures."""

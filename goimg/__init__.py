"""Wiring only: URLs, WSGI and ASGI entry points."""

__version__ = "1.0.0"

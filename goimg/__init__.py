"""Wiring only: URLs, WSGI, ASGI and Celery entry points."""

__version__ = "1.0.0"

"""Bugsink (https://www.bugsink.com/docs/api/): a small API, so what it lacks is done here or said aloud."""

from .adapter import Bugsink

__all__ = ["Bugsink"]

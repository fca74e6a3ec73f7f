"""What is on the tracker, read over its HTTP API."""

from .base import StoredEvent, Tracker, TrackerError
from .bugsink import Bugsink

__all__ = ["Bugsink", "StoredEvent", "Tracker", "TrackerError"]

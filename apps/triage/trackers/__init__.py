"""What is on the tracker, read and changed over its HTTP API: one protocol, one adapter per tracker."""

from .base import Event, Tracker, TrackerError
from .bugsink import Bugsink

__all__ = ["Bugsink", "Event", "Tracker", "TrackerError"]

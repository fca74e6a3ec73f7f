"""Rules in the words of each tracker, and back."""

from collections.abc import Mapping
from types import ModuleType

from ...trackers.base import TrackerKind
from . import glitchtip, sentry

# Each has `spec_of` and `rule_of`; Bugsink has no rules.
BY_KIND: Mapping[TrackerKind, ModuleType] = {"glitchtip": glitchtip, "sentry": sentry}

"""Sentry (https://docs.sentry.io/api/), sentry.io and self-hosted."""

from .adapter import Sentry

__all__ = ["Sentry"]

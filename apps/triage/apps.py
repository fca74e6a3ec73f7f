"""The way back: from the tracker to a person."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Commands only: no models, no signals."""

    name = "apps.triage"

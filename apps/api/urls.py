"""Addresses of the shared parts, below /api/v1/."""

from django.urls import path

from . import problem_types
from .health import HealthView, ReadinessView

urlpatterns = [
    path("health", HealthView.as_view()),
    path("health/ready", ReadinessView.as_view()),
    path("problems/<slug:slug>", problem_types.page),
]

"""Addresses that fail on purpose."""

from django.urls import path

from . import views

urlpatterns = [
    path("unhandled", views.unhandled),
    path("unhandled-in-api", views.UnhandledInApi.as_view()),
    path("handled", views.handled),
    path("chained", views.chained),
    path("grouped", views.grouped),
    path("logged", views.logged),
    path("in-thread", views.in_thread),
    path("slow", views.slow),
    path("security", views.security),
    path("dependency-down", views.DependencyDown.as_view()),
    path("leaky/<str:name>", views.leaky),
    path("not-found", views.NotFound.as_view()),
    path("invalid", views.Invalid.as_view()),
    path("forbidden", views.Forbidden.as_view()),
    path("throttled", views.Throttled.as_view()),
]

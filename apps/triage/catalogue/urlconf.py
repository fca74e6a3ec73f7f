"""The service's own addresses and error handlers, with the catalogue below PREFIX: for `sentry_test` only."""

from importlib import import_module

from django.conf import settings
from django.urls import include, path

PREFIX = "sentry-test/"

_root = import_module(settings.ROOT_URLCONF)
urlpatterns = [path(PREFIX, include("apps.triage.catalogue.urls")), *_root.urlpatterns]
# https://docs.djangoproject.com/en/6.1/ref/urls/#handler400 : read from the root URLconf by name.
for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(_root, _name):
        globals()[_name] = getattr(_root, _name)

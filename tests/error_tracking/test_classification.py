"""What an error is: whose fault, how loud, who gets woken."""

from typing import Any

import pytest
from django.core import exceptions as django_exceptions
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf_exceptions

from apps.api import errors as api_errors
from apps.error_tracking.classification import Classification, ErrorClass, Priority, classify
from apps.error_tracking.server.hooks import WorkerTimeout

USER = Classification(ErrorClass.USER, "info", Priority.P3)
SECURITY = Classification(ErrorClass.SECURITY, "warning", Priority.P1)
SYSTEM = Classification(ErrorClass.SYSTEM, "error", Priority.P1)
DATABASE = Classification(ErrorClass.DEPENDENCY, "error", Priority.P0, "database")
STORAGE = Classification(ErrorClass.DEPENDENCY, "error", Priority.P0, "storage")


class Uploaded(django_exceptions.SuspiciousFileOperation):
    """A subclass of something in the table."""


class Own(Exception):
    error_class = ErrorClass.SECURITY


class Fake(Exception):
    error_class = "anything"
    status_code = 404


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (Http404(), USER),
        (django_exceptions.PermissionDenied(), USER),
        (django_exceptions.ValidationError("x"), USER),
        (django_exceptions.RequestDataTooBig(), USER),
        (django_exceptions.DisallowedHost(), USER),
        (drf_exceptions.ValidationError(), USER),
        (drf_exceptions.Throttled(), USER),
        (drf_exceptions.NotAuthenticated(), USER),
        (api_errors.Conflict(), USER),
        (django_exceptions.SuspiciousOperation(), SECURITY),
        (Uploaded(), SECURITY),
        (api_errors.TokenReplay(), SECURITY),
        (Own(), SECURITY),
        (OperationalError(), DATABASE),
        (InterfaceError(), DATABASE),
        (api_errors.StorageUnavailable(), STORAGE),
        (django_exceptions.ObjectDoesNotExist(), SYSTEM),
        (IntegrityError(), SYSTEM),
        (drf_exceptions.APIException(), SYSTEM),
        (KeyError(), SYSTEM),
        (Fake(), SYSTEM),
        (SystemExit(1), USER),
        (KeyboardInterrupt(), USER),
        (WorkerTimeout(30, None), SYSTEM),
    ],
)
def test_each_error_has_its_class_level_and_priority(error: Any, verdict: Classification) -> None:
    assert classify(error) == verdict


@pytest.mark.parametrize(("error", "reported"), [(Http404(), False), (Own(), True), (KeyError(), True)])
def test_only_the_callers_own_faults_are_not_reported(error: Any, reported: bool) -> None:
    assert classify(error).reported is reported

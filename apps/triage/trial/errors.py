"""Errors of each priority, as the application itself makes and sends them."""

import logging
import uuid

import sentry_sdk

from apps.error_tracking import capture_error
from apps.error_tracking.classification import ErrorClass
from apps.triage.watch.look import TEST_TAG

from .trials import Trial

logger = logging.getLogger(__name__)


class AlertTestError(Exception):
    """Nothing is wrong: somebody tries whether an alert arrives."""


class AlertTestOutage(AlertTestError):
    """The same, of something that the application depends on."""

    error_class = ErrorClass.DEPENDENCY


class AlertTestMistake(AlertTestError):
    """The same, of whoever called."""

    error_class = ErrorClass.USER


_ERRORS = {"P0": AlertTestOutage, "P1": AlertTestError, "P3": AlertTestMistake}


def send(trial: Trial) -> str:
    """Send the errors of a trial, which are one issue; return the ID of the last event, empty if none left."""
    people = [str(uuid.uuid4()) for _ in range(trial.users)]
    sent = ""
    for number in range(trial.events):
        with sentry_sdk.new_scope() as scope:
            scope.fingerprint = ["alert-test", trial.mark]
            scope.set_tag(TEST_TAG, trial.mark)
            scope.set_user({"id": people[number % len(people)]})
            sent = _error(trial) or sent
    return sent


def _error(trial: Trial) -> str | None:
    text = f"a test of the alert rule {trial.rule.name!r}, nothing is wrong"
    if trial.priority == "P2":  # what the application only logs
        logger.error("%s", text[:1].upper() + text[1:])
        return sentry_sdk.last_event_id()
    return capture_error(_ERRORS[trial.priority](text))

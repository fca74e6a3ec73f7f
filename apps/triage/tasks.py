"""A task that fails on purpose: a worker that runs it shows whether its errors are reported."""

from typing import NoReturn

from celery import shared_task


class FailedOnPurpose(Exception):
    """Fired by the gate (`sentry_verify`): nothing is wrong."""


@shared_task(name="triage.fail_on_purpose")
def fail_on_purpose() -> NoReturn:
    """Fail."""
    raise FailedOnPurpose("sentry_verify asked for this error.")

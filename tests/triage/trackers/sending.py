"""Errors sent to a real tracker with the real SDK, one client for each place they come from."""

from collections.abc import Iterator
from contextlib import contextmanager

import sentry_sdk


@contextmanager
def client(dsn: str, release: str = "goimg-api@1.0.0", environment: str = "production") -> Iterator[None]:
    """Report to a DSN inside; everything has arrived afterwards."""
    with sentry_sdk.isolation_scope() as isolated, sentry_sdk.new_scope() as current:
        # A new scope begins as a copy, with the user of the tests before.
        isolated.clear()
        current.clear()
        sentry_sdk.init(dsn, release=release, environment=environment, default_integrations=False)
        try:
            yield
        finally:
            sentry_sdk.get_client().close(timeout=60)
            sentry_sdk.get_global_scope().set_client(None)


def fail(error: Exception, *, user: str = "", level: str = "error", **tags: str) -> str:
    """Capture an error and return the ID of its event. Its type alone decides to which issue it belongs."""
    with sentry_sdk.new_scope() as scope:
        scope.fingerprint = [type(error).__name__]
        scope.level = level
        scope.set_transaction_name("api/images")
        scope.set_tags(tags)
        if user:
            scope.set_user({"id": user})
        return str(sentry_sdk.capture_exception(error))

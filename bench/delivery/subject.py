"""A Django application in a process of its own, tracked by the stock SDK or by goimg; does what stdin says.

`python -m bench.delivery.subject stock|goimg` with SENTRY_DSN and OUTBOX_DIR set. A line "N RATE" answers N requests
that fail, RATE a second, and writes how long each took, in milliseconds, as one line of JSON.
"""

import json
import logging
import os
import sys
import time
from typing import Any, NoReturn

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import path


def fail(request: HttpRequest, number: int) -> NoReturn:
    order = {"number": number, "lines": [1, 2, 3]}
    raise LookupError(f"no such order: {order['number']}")


urlpatterns = [path("orders/<int:number>", fail)]


def main() -> None:
    kind = sys.argv[1]
    ours = kind == "goimg"
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["testserver"],
        INSTALLED_APPS=["apps.error_tracking"] if ours else [],
        MIDDLEWARE=["apps.error_tracking.middleware.RequestIdMiddleware"] if ours else [],
        # The default holds back what is more than 100 a minute of one kind, and all of these are.
        ERROR_TRACKING={"OUTBOX_DIR": os.environ["OUTBOX_DIR"], "ERRORS_PER_MINUTE": 0},
        LOGGING_CONFIG=None,
    )
    logging.disable(logging.CRITICAL)
    if not ours:
        import sentry_sdk

        sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])
    django.setup()
    application = WSGIHandler()
    for line in sys.stdin:
        count, rate = line.split()
        print(json.dumps([_timed(application, number, float(rate)) for number in range(int(count))]), flush=True)


def _timed(application: Any, number: int, rate: float) -> float:
    environ = RequestFactory().get(f"/orders/{number}").environ
    start = time.perf_counter()
    application(environ, lambda status, headers: None)
    seconds = time.perf_counter() - start
    time.sleep(max(0.0, 1 / rate - seconds))
    return seconds * 1000


if __name__ == "__main__":
    main()

"""Tasks that fail in each way a task can, with data in hand."""

import logging
import os
import signal
import time
from contextlib import suppress
from typing import Any, NoReturn

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied

logger = logging.getLogger("tests.tasks")


class Unpicklable(Exception):
    """Cannot be made again from its arguments, so Celery hands a copy of another class around."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)
        self.lock = open(os.devnull)  # noqa: SIM115, PTH123 - a file cannot be pickled


class Expected(Exception):
    """One of a task's `throws`."""


@shared_task(name="tests.fails")
def fails(*args: Any, **kwargs: Any) -> NoReturn:
    logger.info("about to fail")
    values = [args, kwargs]
    raise LookupError(f"failed with {len(values)}")


@shared_task(name="tests.tells")
def tells(error: str, log: str, *args: Any, **kwargs: Any) -> NoReturn:
    logger.info("told %s", log)
    raise LookupError(error)


@shared_task(name="tests.works")
def works(*args: Any) -> Any:
    logger.info("at work")
    return args


@shared_task(name="tests.retries", bind=True, max_retries=2, default_retry_delay=0)
def retries(self: Task[Any, Any], attempts_to_fail: int, *args: Any) -> None:
    if self.request.retries < attempts_to_fail:
        raise self.retry(exc=ConnectionError("not yet"))
    logger.info("done at last")


@shared_task(name="tests.retries_by_itself", autoretry_for=(ConnectionError,), max_retries=2, retry_backoff=False)
def retries_by_itself(*args: Any) -> NoReturn:
    raise ConnectionError("never")


retries_by_itself.default_retry_delay = 0


@shared_task(name="tests.refuses")
def refuses() -> NoReturn:
    raise PermissionDenied("not yours")


@shared_task(name="tests.expects", throws=(Expected,))
def expects() -> NoReturn:
    raise Expected("as always")


@shared_task(name="tests.fails_unpicklably")
def fails_unpicklably() -> NoReturn:
    raise Unpicklable("a", "b")


@shared_task(name="tests.dies")
def dies(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task(name="tests.hangs", soft_time_limit=1, time_limit=2)
def hangs(*args: Any) -> None:
    while True:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(0.1)


@shared_task(name="tests.is_slow")
def is_slow(seconds: float) -> NoReturn:
    logger.info("slow task begins")
    time.sleep(seconds)
    raise TimeoutError("at last")

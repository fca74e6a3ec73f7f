"""Counts and times tasks, and shows Prometheus what a worker or beat counted.

A process of Celery answers no requests, so each has a listener of its own, METRICS_BIND, for whoever has METRICS_TOKEN:
on a container's other networks are neighbours, too. Not the API's files: these processes are on other machines, where
process IDs are others' too.
https://docs.celeryq.dev/en/stable/userguide/signals.html
"""

import time
from collections import deque
from typing import Any

from celery import Task, current_app, signals
from django.conf import settings

from . import metrics, scraping

_OUTCOMES = {"SUCCESS": "succeeded", "FAILURE": "failed", "RETRY": "retried"}
_FAILURES = ("failed", "lost")
_BEGAN = "api_began"
# Celery says twice of some tasks that their process is gone.
_lost: deque[str] = deque(maxlen=100)


def connect() -> None:
    """Measure every task of this process. Call it where the Celery application is made."""
    signals.task_prerun.connect(_begin)
    signals.task_postrun.connect(_end)
    signals.task_failure.connect(_failed)
    signals.heartbeat_sent.connect(_beats)
    signals.worker_ready.connect(_listen)
    signals.beat_init.connect(_begin_beat)


def _begin(task: Task[Any, Any], **_: Any) -> None:
    vars(task.request)[_BEGAN] = time.perf_counter()


def _end(task: Task[Any, Any], state: str | None, **_: Any) -> None:
    metrics.TASKS.labels(task.name, _OUTCOMES.get(str(state), "ignored")).inc()
    metrics.TASK_SECONDS.labels(task.name).observe(time.perf_counter() - vars(task.request)[_BEGAN])


def _failed(sender: Task[Any, Any], task_id: str, **_: Any) -> None:
    """In a pool's main process: the process that had the task is gone, and counted nothing."""
    if _BEGAN not in vars(sender.request) and task_id not in _lost:
        _lost.append(task_id)
        metrics.TASKS.labels(sender.name, "lost").inc()


def _beats(**_: Any) -> None:
    metrics.HEARTBEAT.labels("worker").set_to_current_time()


def _begin_beat(**_: Any) -> None:
    metrics.HEARTBEAT.labels("beat").set_to_current_time()
    signals.after_task_publish.connect(_sent)
    _listen()


def _sent(**_: Any) -> None:
    metrics.HEARTBEAT.labels("beat").set_to_current_time()


def _listen(**_: Any) -> None:
    for task in current_app.tasks:
        for outcome in _FAILURES:  # at 0: a series that begins with a failure shows Prometheus no increase
            metrics.TASKS.labels(task, outcome)
    if settings.METRICS_BIND:
        scraping.listen(*settings.METRICS_BIND)

"""Check-ins: the tracker learns that a periodic task ran, and notices when it does not.

For tasks that Celery's beat sends, by their entries in `beat_schedule`. GlitchTip and Bugsink take check-ins and throw
them away. https://docs.sentry.io/product/crons/
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from celery import Task
from celery.schedules import crontab, maybe_schedule
from sentry_sdk.crons import MonitorStatus, capture_checkin

_SENT_BY_BEAT = "celery_beat_task"  # a header that beat itself sets
_STATUSES = {"SUCCESS": MonitorStatus.OK, "FAILURE": MonitorStatus.ERROR}


def began(task: Task[Any, Any]) -> None:
    """Say that a periodic task has begun, or is tried again."""
    _check_in(task, str(task.request.id), MonitorStatus.IN_PROGRESS, vars(task.request))


def ended(task: Task[Any, Any], state: str | None) -> None:
    """Say how a periodic task ended, in Celery's words; of one that will be tried again, nothing yet."""
    if state in _STATUSES:
        _check_in(task, str(task.request.id), _STATUSES[state], vars(task.request))


def lost(task: Task[Any, Any], task_id: str, headers: Mapping[str, Any]) -> None:
    """Say that a periodic task failed because its process is gone."""
    _check_in(task, task_id, MonitorStatus.ERROR, headers)


def _check_in(task: Task[Any, Any], task_id: str, status: str, headers: Mapping[str, Any]) -> None:
    if not headers.get(_SENT_BY_BEAT):
        return
    for name, entry in task.app.conf.beat_schedule.items():
        if entry["task"] == task.name and (schedule := _schedule(entry["schedule"])):
            config: Any = {"schedule": schedule, "timezone": str(task.app.timezone)}
            # Its task's ID is the check-in's: one check-in, however often the task is tried.
            capture_checkin(name, UUID(task_id).hex, status, monitor_config=config)


def _schedule(entry: Any) -> dict[str, Any] | None:
    """Return a schedule as the tracker writes it; None for what it has no form for: less than a minute, the sun."""
    schedule = maybe_schedule(entry)
    if isinstance(schedule, crontab):
        parts = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
        return {"type": "crontab", "value": " ".join(str(getattr(schedule, f"_orig_{part}")) for part in parts)}
    minutes = getattr(schedule, "seconds", 0) // 60
    return {"type": "interval", "value": int(minutes), "unit": "minute"} if minutes else None

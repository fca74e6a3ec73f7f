"""How a schedule is told to the tracker."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from celery.schedules import BaseSchedule, crontab, schedule

from apps.error_tracking import monitors
from tests.conftest import Tracked

HEADER = {"celery_beat_task": True}


def task_with(entry: Any) -> Any:
    schedules = {"nightly": {"task": "tests.task", "schedule": entry}, "other": {"task": "tests.other"}}
    return SimpleNamespace(
        name="tests.task", app=SimpleNamespace(conf=SimpleNamespace(beat_schedule=schedules), timezone="UTC")
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (crontab(minute="17"), {"type": "crontab", "value": "17 * * * *"}),
        (
            crontab(minute="0", hour="*/3", day_of_week="mon", day_of_month="1-7", month_of_year="2"),
            {"type": "crontab", "value": "0 */3 1-7 2 mon"},
        ),
        (timedelta(hours=2), {"type": "interval", "value": 120, "unit": "minute"}),
        (600, {"type": "interval", "value": 10, "unit": "minute"}),
        (schedule(90), {"type": "interval", "value": 1, "unit": "minute"}),
    ],
)
def test_a_schedule_is_told_in_the_trackers_form(tracked: Tracked, entry: Any, told: dict[str, Any]) -> None:
    task_id = str(uuid4())

    monitors.lost(task_with(entry), task_id, HEADER)

    tracked.events()
    (check_in,) = [item.payload for item in tracked.sink.items("check_in")]
    assert (check_in["monitor_slug"], check_in["status"]) == ("nightly", "error")
    assert check_in["check_in_id"] == task_id.replace("-", "")
    assert check_in["monitor_config"] == {"schedule": told, "timezone": "UTC"}


@pytest.mark.parametrize("entry", [10, BaseSchedule()], ids=["seconds", "one of somebody's own"])
def test_a_schedule_that_the_tracker_has_no_form_for_is_not_told(tracked: Tracked, entry: Any) -> None:
    monitors.lost(task_with(entry), str(uuid4()), HEADER)

    tracked.events()
    assert tracked.sink.items("check_in") == []


def test_a_task_that_somebody_asked_for_by_hand_does_not_check_in(tracked: Tracked) -> None:
    monitors.lost(task_with(600), str(uuid4()), {})

    tracked.events()
    assert tracked.sink.items("check_in") == []

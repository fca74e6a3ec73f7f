"""The production settings, with the careless tasks, a page that asks for them, and a schedule that is due at once."""

from datetime import datetime, timedelta
from pathlib import Path

from celery.schedules import schedstate, schedule

from settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.error_tracking.worker_urls"
STATIC_ROOT = Path(__file__).parent  # must exist, or WhiteNoise warns
CELERY_IMPORTS = ["tests.error_tracking.careless_tasks"]


class EveryHourFromNow(schedule):
    """Due when beat starts, where Celery's own waits for the first hour to pass."""

    def is_due(self, last_run_at: datetime) -> schedstate:
        return schedstate(is_due=True, next=3600)


CELERY_BEAT_SCHEDULE = {
    name: {"task": f"tests.{name}", "schedule": EveryHourFromNow(timedelta(hours=1))}
    for name in ("works", "fails", "retries_by_itself")
}

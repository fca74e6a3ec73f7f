"""The Celery application: `celery -A goimg worker`, `celery -A goimg beat`. Its settings are CELERY_… in settings/.

https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

import os
from typing import Any

import django
from celery import Celery, signals
from django.apps import apps

from . import counters
from .startup import one_sentence

# Whoever starts Celery comes here first; everybody else comes from apps.py, with Django's configuration read.
is_first = not apps.apps_ready
if is_first:
    counters.share("METRICS_BIND")  # before what is imported below makes the first of them

from apps.api import task_measuring  # noqa: E402
from apps.error_tracking.celery import connect  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

app = Celery("goimg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
connect()
task_measuring.connect()


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Have Celery leave logging alone: its lines are settings.LOGGING's, too.

    https://docs.celeryq.dev/en/stable/userguide/signals.html#setup-logging
    """


if is_first:
    with one_sentence():
        django.setup()

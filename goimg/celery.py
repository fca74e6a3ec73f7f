"""The Celery application: `celery -A goimg worker`, `celery -A goimg beat`. Its settings are CELERY_… in settings/.

https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

import os
from typing import Any

import django
from celery import Celery, signals
from django.apps import apps

from apps.error_tracking.celery import connect

from .startup import one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

app = Celery("goimg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
connect()


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Have Celery leave logging alone: its lines are settings.LOGGING's, too.

    https://docs.celeryq.dev/en/stable/userguide/signals.html#setup-logging
    """


# Whoever starts Celery comes here first; everybody else comes from apps.py, with Django's configuration read.
if not apps.apps_ready:
    with one_sentence():
        django.setup()

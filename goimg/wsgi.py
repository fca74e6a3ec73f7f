"""WSGI entry point; production settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

from .startup import WORKER_CANNOT_START, one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

with one_sentence(WORKER_CANNOT_START):
    application = get_wsgi_application()

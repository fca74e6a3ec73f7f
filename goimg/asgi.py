"""ASGI entry point; production settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os

from django.core.asgi import get_asgi_application

from .startup import WORKER_CANNOT_START, one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

with one_sentence(WORKER_CANNOT_START):
    application = get_asgi_application()

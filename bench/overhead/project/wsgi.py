"""The application with a meter around it, which answers at /_control, before Django and what tracks its errors."""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.overhead.project.settings")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Meter:
    """Knows what requests cost on their threads, and what the process has used."""

    def __init__(self, application: WSGIHandler) -> None:
        self.application = application
        self.spent: list[float] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request and remember how much CPU its thread used."""
        if environ["PATH_INFO"] == "/_control":
            return self.control(start_response)
        began = time.thread_time()
        response = self.application(environ, start_response)
        body = list(response)
        response.close()
        self.spent.append(time.thread_time() - began)
        return body

    def control(self, start_response: Any) -> Iterable[bytes]:
        """Say, and forget, what requests cost; `cpu` is of all threads of the process, since it began."""
        spent, self.spent = self.spent, []
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        answer = {"cpu": time.process_time(), "thread": sum(spent), "memory": pages * _PAGE}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]


def _make_rows() -> None:
    from .models import Row

    if Row._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Row)
        Row._default_manager.bulk_create(Row(title=f"Picture {number}", size=number) for number in range(50))
    connection.close()


def _application() -> Meter:
    inner = get_wsgi_application()
    from . import tracking  # needs the settings

    tracking.start()
    _make_rows()
    return Meter(inner)


application = _application()

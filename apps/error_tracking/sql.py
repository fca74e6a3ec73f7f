"""SQL statements as breadcrumbs, and as spans of traced requests: with placeholders, never with their values.

https://docs.djangoproject.com/en/stable/topics/db/instrumentation/
"""

from collections.abc import Callable, Mapping
from typing import Any

import sentry_sdk
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from .face import is_tracking


def start() -> None:
    """Watch each database connection, those included that are open already."""
    connection_created.connect(_watch, dispatch_uid="error_tracking")
    for connection in connections.all(initialized_only=True):
        _watch(connection)


def _watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if record not in connection.execute_wrappers:
        connection.execute_wrappers.append(record)


def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
    """Run one statement, and leave a breadcrumb and a span of it. An execute wrapper of Django's."""
    if not is_tracking():
        return execute(sql, params, many, context)
    sentry_sdk.add_breadcrumb(category="query", message=str(sql))
    span = sentry_sdk.get_current_span()
    if span is None or not span.sampled:
        return execute(sql, params, many, context)
    with span.start_child(op="db", name=str(sql), origin="auto.db.django") as child:
        child.set_data("db.system", context["connection"].vendor)
        return execute(sql, params, many, context)

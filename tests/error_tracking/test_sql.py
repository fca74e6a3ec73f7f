"""SQL statements as breadcrumbs and spans."""

from typing import Any

import pytest
import sentry_sdk
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from apps.error_tracking import capture_error, sql
from tests.conftest import Tracked

pytestmark = pytest.mark.django_db
SECRET = "jane-in-a-parameter"


def ask() -> None:
    ContentType.objects.filter(model=SECRET).exists()


def statements(tracked: Tracked) -> list[str]:
    capture_error(ValueError("x"))
    (event,) = tracked.events()
    return [crumb["message"] for crumb in event["breadcrumbs"]["values"] if crumb["category"] == "query"]


def test_statements_before_an_error_are_its_breadcrumbs_without_their_values(tracked: Tracked) -> None:
    ask()

    (statement,) = statements(tracked)
    assert statement.startswith("SELECT ")
    assert "%s" in statement
    assert SECRET not in tracked.wire()


def test_statements_of_a_traced_block_are_spans_without_their_values(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    with sentry_sdk.start_transaction(name="nightly", source="task"):
        ask()

    (span,) = tracked.transactions()[0]["spans"]
    assert (span["op"], span["data"]["db.system"]) == ("db", connection.vendor)
    assert "%s" in span["description"]
    assert SECRET not in tracked.wire()


def test_outside_of_a_traced_block_there_are_no_spans(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    ask()

    assert tracked.transactions() == []


def test_many_rows_at_once_are_one_breadcrumb(tracked: Tracked) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM django_content_type WHERE app_label = %s", [("nowhere",), ("neither",)])

    assert len(statements(tracked)) == 1


def test_a_statement_that_fails_is_told_too_and_its_error_is_djangos(tracked: Tracked) -> None:
    with pytest.raises(Exception, match="no_such_table"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")

    assert statements(tracked) == ["SELECT 1 FROM no_such_table"]


def test_each_connection_is_watched_once(tracked: Tracked) -> None:
    sql.start()
    sql.start()

    for one in connections.all(initialized_only=True):
        assert one.execute_wrappers.count(sql.record) == 1


def test_without_a_tracker_a_statement_just_runs(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Any] = []
    monkeypatch.setattr(sentry_sdk, "add_breadcrumb", lambda **crumb: left.append(crumb))
    sentry_sdk.get_global_scope().set_client(None)

    ask()

    assert left == []

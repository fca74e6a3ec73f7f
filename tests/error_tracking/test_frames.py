"""Frames of one's own get variables by shape and source lines, in a chain and in a group as well."""

from typing import Any

import pytest

from apps.error_tracking import capture_error
from apps.error_tracking.frames import FrameEnricher
from tests.conftest import ROOT, Tracked


def fails(depth: int) -> None:
    marker = "x" * depth
    raise ValueError(len(marker))


def caught(depth: int) -> ValueError:
    try:
        fails(depth)
    except ValueError as error:
        return error
    raise AssertionError


def variables_of(event: dict[str, Any]) -> list[Any]:
    """Return the shape of `marker` in each exception that has it."""
    frames = [frame for e in event["exception"]["values"] for frame in (e.get("stacktrace") or {}).get("frames", ())]
    return [frame["vars"]["marker"] for frame in frames if "marker" in frame.get("vars", {})]


def test_each_link_of_a_chain_has_its_own_variables(tracked: Tracked) -> None:
    try:
        raise RuntimeError from caught(3)
    except RuntimeError as error:
        capture_error(error)

    assert variables_of(tracked.events()[0]) == ["str[3]"]


def test_each_member_of_a_group_has_its_own_variables(tracked: Tracked) -> None:
    # On lines of their own: a frame is known by file, function and line.
    def other() -> None:
        marker = ["x", "y"]
        raise KeyError(len(marker))

    try:
        other()
    except KeyError as key_error:
        capture_error(ExceptionGroup("both", [caught(3), key_error]))

    assert sorted(variables_of(tracked.events()[0])) == ["list[2]", "str[3]"]


def test_a_chain_that_leads_back_to_itself_is_walked_once(tracked: Tracked) -> None:
    first, second = caught(1), caught(2)
    first.__context__, second.__context__ = second, first

    assert capture_error(first)
    assert len(tracked.events()) == 1


@pytest.mark.parametrize(
    ("path", "in_app"),
    [
        ("/app/apps/views.py", True),
        ("/app/.venv/lib/python3.13/site-packages/django/x.py", False),
        ("/app/.local/tracker/x.py", False),
        ("/usr/lib/python3/dist-packages/x.py", False),
        ("/application/x.py", False),
        ("<frozen importlib>", False),
    ],
)
def test_only_files_of_the_project_are_in_app(path: str, in_app: bool) -> None:
    event = {"exception": {"values": [{"stacktrace": {"frames": [{"abs_path": path}]}}]}}

    FrameEnricher("/app")(event, {})

    assert event["exception"]["values"][0]["stacktrace"]["frames"][0]["in_app"] is in_app


@pytest.mark.parametrize("event", [{}, {"exception": {}}, {"exception": {"values": [{"stacktrace": None}, {}]}}])
def test_events_without_frames_stay_as_they_are(event: dict[str, Any]) -> None:
    assert FrameEnricher(str(ROOT))(event, {}) == event


def test_while_developing_variables_show_what_they_hold_but_no_secret(tracked: Tracked) -> None:
    tracked.start(collect="debug", environment="development")

    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError

    def fails_with_values() -> None:
        marker = {"caption": "sunset", "owner": "jane@example.com"}
        password, hostile = "hunter2", Hostile()
        raise ValueError(len(marker), bool(password), bool(hostile))

    try:
        fails_with_values()
    except ValueError as error:
        capture_error(error)

    (event,) = tracked.events()
    shown = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["vars"]
    assert shown["marker"] == "{'caption': 'sunset', 'owner': '[EMAIL_REDACTED]'}"
    assert shown["password"] == "[REDACTED]"
    assert shown["hostile"] == "<Hostile>"


def test_outside_of_development_they_do_not_whatever_is_configured(tracked: Tracked) -> None:
    tracked.start(collect="debug", environment="production")
    capture_error(caught(3))

    assert variables_of(tracked.events()[0]) == ["str[3]"]

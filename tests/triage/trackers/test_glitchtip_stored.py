"""What GlitchTip adds to an event and changes in it is no finding of an audit; what was sent is."""

from typing import Any

import pytest

from apps.error_tracking.detection import detect_in_event
from apps.error_tracking.scrubbing import minimise, scrub_pii
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event, raised

USER = {"id": "7"}
FRAME = {"function": "f", "filename": "a.py", "in_app": True, "vars": {"size": 7, "ok": True, "name": "str[4]"}}
IN_A_FRAME = {"values": [{"type": "ValueError", "value": "bad", "stacktrace": {"frames": [FRAME]}}]}
REQUEST = {"url": "http://testserver/api", "query_string": "page=2&q=str%5B4%5D", "headers": {"Accept": "*/*"}}


def stored(double: GlitchTipDouble, glitchtip: GlitchTip, sent: dict[str, Any]) -> list[tuple[str, str]]:
    """Return place and kind of what an audit finds in an event that GlitchTip took in."""
    double.store.ingest(sent)
    found = glitchtip.event(sent["event_id"])
    assert found is not None
    return [(finding.path, finding.kind) for finding in detect_in_event(found.data)]


@pytest.mark.parametrize(
    "sent",
    [
        event(user=USER),
        event(user=USER, transaction=None),
        raised(user=USER),
        event(user=USER, exception=IN_A_FRAME, logentry=None),
        event(user=USER, request=REQUEST, contexts={"trace": {"trace_id": "0" * 32}}),
    ],
    ids=["message", "without a transaction", "exception", "variables", "request"],
)
def test_in_what_left_through_the_scrubber_nothing_is_found(
    double: GlitchTipDouble, glitchtip: GlitchTip, sent: dict[str, Any]
) -> None:
    scrubbed = scrub_pii(minimise(sent))
    assert scrubbed is not None

    assert stored(double, glitchtip, scrubbed) == []


@pytest.mark.parametrize(
    ("planted", "place"),
    [
        ({"logentry": {"message": "no mail to jane@example.com"}}, ("logentry.message", "email")),
        ({"user": {"id": "7", "email": "jane@example.com"}}, ("user.email", "email")),
        ({"tags": {"who": "jane@example.com"}}, ("tags.who", "email")),
        ({"extra": {"password": "only for this"}}, ("extra.password", "key")),
        ({"contexts": {"order": {"note": "jane@example.com"}}}, ("contexts.order.note", "email")),
        ({"request": {"query_string": "token=only-for-this"}}, ("request.query_string", "key_value")),
    ],
)
def test_what_was_planted_is_found(
    double: GlitchTipDouble, glitchtip: GlitchTip, planted: dict[str, Any], place: tuple[str, str]
) -> None:
    assert place in stored(double, glitchtip, event(**{"user": USER, **planted}))

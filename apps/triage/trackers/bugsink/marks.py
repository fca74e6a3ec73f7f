"""What tells a comment's event from a log line in the same words: a mark that only who has the SECRET_KEY can make."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.triage.trackers.base import Event

ISSUE, MARK = "triage_issue", "triage_mark"


def tags(issue: str, text: str) -> dict[str, str]:
    """Return the tags of an event that holds a comment."""
    return {ISSUE: issue, MARK: _mark(issue, text, settings.SECRET_KEY)}


def comment_in(event: Event) -> str | None:
    """Return the comment that a whole event holds, or None for any other event."""
    extra = event.data.get("extra")
    text = extra.get("text") if isinstance(extra, dict) else None
    if not isinstance(text, str):
        return None
    issue, mark = event.tags.get(ISSUE, ""), event.tags.get(MARK, "")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return text if any(constant_time_compare(mark, _mark(issue, text, key)) for key in keys) else None


def _mark(issue: str, text: str, key: str | bytes) -> str:
    return salted_hmac("apps.triage.trackers.bugsink", f"{issue}\n{text}", key, algorithm="sha256").hexdigest()

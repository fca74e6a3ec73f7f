"""Comments on issues of a real Bugsink, written and read back."""

from datetime import UTC, datetime, timedelta

import pytest
import sentry_sdk
from django.conf import LazySettings

from apps.triage.query import Query
from apps.triage.trackers import Bugsink
from apps.triage.trackers.base import Capability, Resolution, TrackerError, Unsupported
from apps.triage.trackers.bugsink import marks, notes
from apps.triage.trackers.bugsink.stored import NOTE
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.trackers.sending import client, fail


@pytest.fixture
def issue(project: Project) -> str:
    """The short ID of an issue; there is a second one beside it."""
    with client(project.dsn):
        fail(KeyError())
        fail(ValueError())
    return f"{project.slug}-1"


def another(project: Project) -> Bugsink:
    """Return an adapter that knows nothing yet, as in another process."""
    return Bugsink(project.url, project.project, project.token)


def texts(adapter: Bugsink, issue: str) -> list[str]:
    return [comment.text for comment in adapter.comments(issue)]


def test_without_comments_there_are_none(adapter: Bugsink, issue: str) -> None:
    assert adapter.comments(issue) == []


def test_comments_are_read_back_by_whoever_asks(project: Project, adapter: Bugsink, issue: str) -> None:
    began = datetime.now(UTC)
    adapter.comment(issue, "first")
    adapter.comment(issue, "  [goimg triage] priority=P1\nwhy: „ünïcode“\n")

    for reader in (adapter, another(project)):
        assert texts(reader, issue) == ["first", "[goimg triage] priority=P1\nwhy: „ünïcode“"]
        assert texts(reader, reader.issue(issue).id) == texts(reader, issue)
        assert texts(reader, f"{project.slug}-2") == []
    assert all(began <= comment.moment <= datetime.now(UTC) for comment in adapter.comments(issue))
    assert {comment.author for comment in adapter.comments(issue)} == {""}


def test_people_see_the_comment_in_bugsinks_pages(
    project: Project, adapter: Bugsink, issue: str, real_bugsink: RealBugsink
) -> None:
    adapter.comment(issue, "for people")

    assert "for people" in real_bugsink.page(f"/issues/issue/{adapter.issue(issue).id}/history/")


def test_the_events_that_hold_comments_are_not_shown(project: Project, adapter: Bugsink, issue: str) -> None:
    before = list(adapter.issues(Query()))
    adapter.comment(issue, "text")

    assert list(adapter.issues(Query())) == before
    since = datetime.now(UTC) - timedelta(hours=1)
    assert {event.issue_id for event in adapter.events_since(since)} == {issue.id for issue in before}


def pretend(project: Project, issue: str, **tags: str) -> None:
    """Let an application log what a comment's event says."""
    with client(project.dsn), sentry_sdk.new_scope() as scope:
        scope.fingerprint = tags.pop("fingerprint", "").split() or None
        scope.set_tags({"triage_issue": issue, **tags})
        scope.set_extra("text", "[goimg triage] priority=P3")
        sentry_sdk.capture_message(NOTE)


def test_a_log_line_in_the_same_words_is_an_issue_like_others(project: Project, adapter: Bugsink, issue: str) -> None:
    adapter.comment(issue, "text")
    before = {found.id for found in adapter.issues(Query())}
    mark = marks.tags(adapter.issue(issue).id, "another text")["triage_mark"]
    pretend(project, adapter.issue(issue).id, triage_mark=mark)

    (shown,) = [found for found in adapter.issues(Query()) if found.id not in before]

    assert (shown.title, shown.events) == (NOTE, 1)
    assert texts(another(project), issue) == ["text"]


def test_a_log_line_among_the_comments_brings_them_to_light(project: Project, adapter: Bugsink, issue: str) -> None:
    adapter.comment(issue, "text")
    pretend(project, adapter.issue(issue).id, fingerprint="goimg-triage-notes")

    shown = {found.title: found.events for found in adapter.issues(Query())}

    assert shown[NOTE] == 2
    assert texts(another(project), issue) == ["text"]


def test_a_comment_of_before_the_secret_key_was_changed_is_read(
    project: Project, adapter: Bugsink, issue: str, settings: LazySettings
) -> None:
    before = len(list(adapter.issues(Query())))
    adapter.comment(issue, "text")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8

    assert texts(another(project), issue) == ["text"]
    assert len(list(adapter.issues(Query()))) == before


def test_they_gather_in_one_muted_issue_and_hold_no_more_than_the_comment(
    project: Project, adapter: Bugsink, issue: str, real_bugsink: RealBugsink
) -> None:
    for text in ("one", "two"):
        adapter.comment(issue, text)

    holder = adapter.issue(f"{project.slug}-3")
    assert (holder.title, holder.status, holder.events) == (NOTE, "ignored", 2)
    data = adapter.latest_event(holder.id).data
    assert data["extra"] == {"text": "two"}
    assert data["tags"] == marks.tags(adapter.issue(issue).id, "two")
    assert {"user", "server_name", "request", "contexts", "breadcrumbs", "modules"} & set(data) == set()


def test_an_issue_of_comments_that_somebody_resolved_is_muted_again(
    project: Project, adapter: Bugsink, issue: str
) -> None:
    adapter.comment(issue, "one")
    adapter.resolve(f"{project.slug}-3", Resolution())

    adapter.comment(issue, "two")

    assert adapter.issue(f"{project.slug}-3").status == "ignored"
    assert texts(adapter, issue) == ["one", "two"]


def test_after_the_issue_of_comments_was_deleted_a_new_one_holds_them(
    project: Project, adapter: Bugsink, issue: str
) -> None:
    adapter.comment(issue, "one")
    adapter.delete(f"{project.slug}-3")

    adapter.comment(issue, "two")

    assert texts(adapter, issue) == ["two"]


def test_a_comment_begins_no_release(adapter: Bugsink, issue: str) -> None:
    before = list(adapter.releases())

    adapter.comment(issue, "text")
    adapter.resolve(issue, Resolution(release="goimg-api@1.0.0"))

    assert list(adapter.releases()) == before


def test_a_project_without_releases_can_be_commented_on(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn, release=""):
        fail(KeyError())

    adapter.comment(f"{project.slug}-1", "text")

    assert texts(adapter, f"{project.slug}-1") == ["text"]


def test_without_a_dsn_nothing_is_written(
    project: Project, adapter: Bugsink, issue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENTRY_DSN")

    with pytest.raises(Unsupported, match=r"kept as an event as well, and SENTRY_DSN is not set\."):
        adapter.comment(issue, "text")

    assert adapter.comments(issue) == []


@pytest.mark.parametrize(("old", "new"), [("127.0.0.1", "localhost"), ("/{project}", "/1"), ("http", "https")])
def test_with_a_dsn_of_another_place_nothing_is_written(
    project: Project, adapter: Bugsink, issue: str, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.setenv("SENTRY_DSN", project.dsn.replace(old.format(project=project.project), new))

    with pytest.raises(Unsupported, match=r"SENTRY_DSN is not of the project that TRACKER_URL and TRACKER_PROJECT"):
        adapter.comment(issue, "text")

    assert adapter.comments(issue) == []


def test_a_key_that_bugsink_does_not_know_is_named_without_it(
    project: Project, adapter: Bugsink, issue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = project.dsn.partition("//")[2].partition("@")[0]
    monkeypatch.setenv("SENTRY_DSN", project.dsn.replace(key, "0" * 32))

    with pytest.raises(TrackerError, match=r"cannot be read back: .* answered its event with 40") as refused:
        adapter.comment(issue, "text")

    assert "0" * 32 not in str(refused.value)


def test_an_event_that_bugsink_drops_is_an_error(
    project: Project, adapter: Bugsink, issue: str, real_bugsink: RealBugsink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "_ARRIVAL_SECONDS", 0.0)
    keep_nothing = real_bugsink.api.patch(f"projects/{project.project}/", json={"retention_max_event_count": 0})
    assert keep_nothing.status_code == 200

    with pytest.raises(TrackerError, match="cannot be read back: Bugsink took its event and does not show it"):
        adapter.comment(issue, "text")


def test_that_other_comments_cannot_be_read_is_said(adapter: Bugsink) -> None:
    assert "those written in its pages stay there" in adapter.lacks[Capability.READ_COMMENTS]

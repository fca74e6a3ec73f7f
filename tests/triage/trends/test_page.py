"""The page: one file, without scripts, that asks nobody for anything."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from apps.triage.trends import page, trends
from apps.triage.trends.charts import nice_top
from tests.triage.memory_tracker import ALICE, NOW, MemoryTracker

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> & \x1b[31m\u202e{{ 7|add:7 }}"


class Reader(HTMLParser):
    """Keeps elements with their attributes, and what is open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def tracker() -> MemoryTracker:
    return MemoryTracker()


def of(tracker: MemoryTracker, period: str = "week") -> str:
    return page.html(trends(tracker, period, NOW))


def test_each_element_is_closed_and_an_empty_tracker_has_a_page(tracker: MemoryTracker) -> None:
    assert Reader(of(tracker)).open == []


def test_nothing_is_loaded_from_anywhere(tracker: MemoryTracker) -> None:
    tracker.add(1, 30, user=ALICE)

    text = of(tracker)

    found = Reader(text).found
    assert {tag for tag, _ in found} & {"script", "link", "img", "iframe", "object", "use", "image"} == set()
    assert [name for _, attributes in found for name in attributes if name == "src" or name.startswith("on")] == []
    assert not re.search(r"url\(|@import", text)
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in text


def test_what_an_event_says_is_text_and_nothing_else(tracker: MemoryTracker) -> None:
    tracker.add(1, title=HOSTILE, release=HOSTILE, environment=HOSTILE)

    read = Reader(of(tracker))

    assert read.open == []
    assert "script" not in {tag for tag, _ in read.found}
    assert "<script>alert(1)</script>" in read.text
    assert "{{ 7|add:7 }}" in read.text
    assert "\x1b" not in read.text
    assert "\u202e" not in read.text


def test_an_issue_links_to_its_page_and_to_nothing_but_a_page(tracker: MemoryTracker) -> None:
    good = tracker.add(1)
    bad = tracker.add(2)
    object.__setattr__(bad, "url", "javascript:alert(1)")

    links = [attributes for tag, attributes in Reader(of(tracker)).found if tag == "a"]

    assert links == [{"href": good.url, "rel": "noopener noreferrer"}]


def test_a_column_is_as_high_as_its_events(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, 3, environment="production")
    tracker.add(25, environment="staging")

    drawn = re.findall(r'<rect class="s(\d)"[^>]* height="([\d.]+)"><title>([^<]+)</title>', of(tracker))

    assert [(colour, about) for colour, _, about in drawn] == [
        ("1", "23 Nov, staging: 1"),
        ("0", "24 Nov, production: 3"),
    ]
    assert float(drawn[1][1]) == pytest.approx(3 * float(drawn[0][1]), abs=0.2)


@pytest.mark.parametrize(
    ("period", "about"),
    [
        ("week", "the 24 hours until 12:00 UTC of the day below it"),
        ("day", "the hour that begins at the time below it"),
    ],
)
def test_it_is_said_what_a_column_is(tracker: MemoryTracker, period: str, about: str) -> None:
    tracker.add(0.5)

    text = of(tracker, period)

    assert about in text
    assert "<title>11:00, production: 1</title>" in text or "<title>24 Nov, production: 1</title>" in text


def test_where_there_was_nothing_before_no_change_is_shown(tracker: MemoryTracker) -> None:
    tracker.add(1)

    text = Reader(of(tracker)).text

    assert "▲" not in text
    assert "- · 0 before" not in text


def test_a_change_is_shown_with_its_arrow(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, 200)

    assert "▲ +100 %" in Reader(of(tracker)).text


def test_environments_for_which_there_is_no_colour_are_drawn_together(tracker: MemoryTracker) -> None:
    for number in range(8):
        tracker.add(*(1 + part / 10 for part in range(8 - number)), environment=f"env{number}")

    text = of(tracker)

    assert "others: 10" in text
    assert "env4: " not in text
    assert ">env7</th>" in text


def test_charts_have_a_name_and_their_numbers_stand_in_a_table(tracker: MemoryTracker) -> None:
    tracker.add(1, 2)

    text = of(tracker, "day")

    named = re.findall(r'<svg[^>]*role="img"[^>]*aria-label(?:ledby)?="[^"]+"', text)
    assert len(named) == text.count('role="img"') > 0
    begin = NOW - timedelta(hours=2)
    assert f'<th scope="row">{begin:%d %b %Y, %H:%M}</th><td>1</td><td>0</td>' in text


@pytest.mark.parametrize(
    ("highest", "top"), [(1, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (81, 200), (201, 400), (9999, 20000)]
)
def test_an_axis_ends_at_a_round_number(highest: int, top: int) -> None:
    assert nice_top(highest) == top

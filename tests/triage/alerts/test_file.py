"""alerts.toml: what it may say, and that each mistake is one sentence with its line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.triage.alerts.file import MAX_LENGTH, AlertsFileError, load, parse
from apps.triage.alerts.reader import MOST_BROKEN
from apps.triage.alerts.rules import DAYS, Alerts, Receiver, Route, Span
from tests.triage.alerts import SMALL

OURS = Path(__file__).parents[3] / "alerts.toml"
# Other processes on the machine must not decide over a test.
any_text = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHOLE = OURS.read_text(encoding="utf-8")


def mistakes(text: str) -> list[str]:
    with pytest.raises(AlertsFileError) as error:
        parse(text)
    return str(error.value).split("\n")


def test_the_file_of_the_repository_says_what_the_team_agreed() -> None:
    alerts = load(OURS)

    by_name = {rule.name: rule for rule in alerts.rules}
    assert list(by_name) == ["new issue", "spike", "user impact", "net"]
    assert (by_name["spike"].events, by_name["spike"].minutes) == (10, 1)
    assert (by_name["user impact"].users, by_name["user impact"].again) == (10, timedelta(hours=24))
    assert by_name["net"].environments == ()
    assert (by_name["net"].by, by_name["net"].instead) == ("tracker", ("team-mail",))
    assert by_name["new issue"].environments == ("production",)
    assert by_name["new issue"].priorities == ("P0", "P1", "P2", "P3")
    assert alerts.routes["P0"] == Route(("pager", "chat"), "always")
    assert alerts.routes["P3"] == Route()
    assert alerts.receivers["pager"] == Receiver(name="pager", kind="pagerduty", variable="ALERT_PAGERDUTY_KEY")
    assert alerts.hours["business"] == Span(DAYS[:5], time(9), time(17))
    assert alerts.timezone.key == "Europe/Berlin"


def test_what_is_left_out_has_a_default() -> None:
    alerts = parse(SMALL)

    (rule,) = alerts.rules
    assert (rule.again, rule.by, rule.environments) == (timedelta(0), "auto", ())
    assert (alerts.timezone.key, alerts.owner, alerts.hours) == ("UTC", "goimg", {})
    assert alerts.routes["P3"] == Route()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('timezone = "Europe/Berln"', "there is no time zone Europe/Berln; did you mean Europe/Berlin?"),
        ('timezone = "Home"', "there is no time zone Home; they are named like Europe/Berlin"),
        ('owner = "a: b"', "owner must be a short name of letters, digits, spaces, dots, dashes"),
        ('rulez = "x"', "rulez is not a key of the file; did you mean rules?"),
        ('runbook = "https://me:word@example.com/"', "runbook must be a path or an http(s) address without a password"),
        ("runbook = 7", "runbook must be a text"),
        ('environments = "production"', "environments must be a list of texts"),
        ('environments = ["a", "a"]', "environments says something twice"),
        ('hours = "all"', "hours must be a table"),
        ('hours.lunch = { from = "12:00", to = "13:00" }', "lunch is not a key of hours; known are business, quiet"),
        ('hours.quiet = { from = "9", to = "13:00" }', 'from must be a time of the day, such as "09:00"'),
        ('hours.quiet = { from = "09:00", to = "09:00" }', "from and to must differ"),
        ('hours.quiet = { days = [], from = "09:00", to = "10:00" }', "days must name at least one day"),
        ('hours.quiet = { days = ["Mon"], from = "09:00", to = "10:00" }', f"a day is one of {', '.join(DAYS)}"),
        ('receivers.mail = { kind = "mail" }', "kind must be one of email, slack, pagerduty, members"),
        ('receivers.mail = { kind = "email" }', "to must name at least one e-mail address"),
        ('receivers.mail = { kind = "email", to = ["team"] }', "this is not an e-mail address"),
        (
            'receivers.chat2 = { kind = "slack", urlvariable = "x", url_variable = "A_B" }',
            "urlvariable is not a key of receivers.chat2; did you mean url_variable?",
        ),
        (
            f'receivers.pager = {{ kind = "pagerduty", key_variable = "R0{"1A" * 15}" }}',
            "key_variable must be the NAME of the environment variable with the secret, such as ALERT_SLACK_URL",
        ),
        (
            'receivers."a b" = { kind = "members" }',
            "a b is no name for a receiver: letters, digits and dashes, 40 at most",
        ),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(line: str, said: str) -> None:
    assert f"alerts.toml:1: {said}" in mistakes(line + SMALL)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('on = "crash"', "on must be one of new issue, spike, users"),
        ('on = "spike"\nminutes = 1', "events must be a number from 1 to 30,000"),
        ('on = "spike"\nminutes = 1\nevents = true', "events must be a number from 1 to 30,000"),
        ('on = "users"\nusers = 0', "users must be a number from 1 to 30,000"),
        (
            'on = "users"\nusers = 1\nminuts = 1',
            "minuts is not a key of this table; known are on, users, again, name, to, ",
        ),
        ('on = "new issue"\nto = ["chatt"]', "there is no receiver chatt; did you mean chat?"),
        ('on = "new issue"\nto = []', "to must name at least one receiver"),
        ('on = "new issue"\nto = ["chat"]\npriorities = ["P0"]', "a rule has either to, which is for every priority"),
        ('on = "new issue"\npriorities = ["P5"]', "a priority is one of P0, P1, P2, P3"),
        ('on = "new issue"\npriorities = ["P1"]', "nobody hears of this rule: say to = [...] here or under"),
        ('on = "new issue"\nby = "me"', "by must be one of auto, tracker, watch"),
        (
            'on = "users"\nusers = 1\nagain = "tomorrow"',
            'again must be a time such as "30m", "24h" or "7d", 90 days at most',
        ),
        (
            'on = "users"\nusers = 1\nagain = "91d"',
            'again must be a time such as "30m", "24h" or "7d", 90 days at most',
        ),
        (
            'on = "new issue"\nto = ["chat"]\ninstead = ["chat"]',
            'instead is for a rule with to and by = "tracker": whom the watch tells in their place',
        ),
        (
            'on = "new issue"\nto = ["chat"]\nby = "tracker"\ninstead = ["cat"]',
            "there is no receiver cat; did you mean",
        ),
        ('on = "new issue"\nto = ["chat"]\nby = "tracker"\ninstead = []', "instead must name at least one receiver"),
        (
            'on = "new issue"\nto = ["chat"]\nby = "tracker"\ninstead = ["all"]\n[receivers.all]\nkind = "members"',
            "only the tracker reaches all, which the watch must in its place",
        ),
        ('on = "new issue"\nenvironments = ["a b"]', "an environment has at most 64 characters without spaces"),
    ],
)
def test_so_is_one_in_a_rule(line: str, said: str) -> None:
    found = mistakes(f'{SMALL}[[rules]]\nname = "second"\n{line}\n')

    assert any(one.startswith("alerts.toml:1") and f": {said}" in one for one in found), found


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file() -> None:
    text = SMALL.replace('kind = "slack"', 'kind = "slak"').replace('"new issue"', '"news"')

    assert [one.split(": ")[0] for one in mistakes(text)] == ["alerts.toml:3", "alerts.toml:9"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (('kind = "slack"', 'knd = "slack"'), ('"ALERT_SLACK_URL"', '"alert_slack_url"')),
        (('kind = "slack"', 'kind = "slak"'), ("url_variable", "url_variabel")),
        (('kind = "slack"', 'kind = "teams"'), ('"ALERT_SLACK_URL"', '"alert_slack_url"')),
        (("[receivers.chat]", "[reciever.chat]"), ('"ALERT_SLACK_URL"', '"alert_slack_url"')),
        (("[priorities]", "[priority]"), ('["chat"] }', '["chat"], when = "ever" }')),
        (('on = "new issue"', 'on = "new isue"'), ('name = "new"', 'name = ""')),
        (('name = "new"', 'name = "new"\nby = "me"'), ('name = "new"\nby', 'name = ""\nby')),
        (('on = "new issue"', 'on = "spikes"\nminutes = 1\nevents = 1'), ("minutes = 1", "minutes = 0")),
        (('on = "new issue"', 'on = "crash"\nminutes = 1'), ("minutes = 1", "minutes = 0")),
        (("[[rules]]", "[[ruls]]"), ('on = "new issue"', 'on = "news"')),
    ],
)
def test_what_is_wrong_behind_a_misspelt_word_is_said_too(first: tuple[str, str], second: tuple[str, str]) -> None:
    one = SMALL.replace(*first)

    assert len(mistakes(one)) == 1
    assert len(mistakes(one.replace(*second))) == 2
    assert set(mistakes(one)) < set(mistakes(one.replace(*second)))


def test_a_rule_under_a_misspelt_header_has_its_own_lines() -> None:
    text = SMALL + '[[rule]]\nname = "second"\non = "users"\nusers = 0\n'

    assert mistakes(text) == [
        "alerts.toml:10: rule is not a key of the file; did you mean rules?",
        "alerts.toml:13: users must be a number from 1 to 30,000",
    ]


def test_the_line_is_that_of_the_item_and_of_the_table() -> None:
    text = SMALL + '[[rules]]\nname = "new"\non = "new issue"\nto = [\n  "chat",\n]\nevery = """\nday\n"""\n'

    assert mistakes(text) == [
        "alerts.toml:11: there are two rules with the name new",
        "alerts.toml:16: every is not a key of this table; known are on, name, to, priorities, environments, "
        "by, instead",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = = 2\n", 2), ("a = 1\nb = [1,\n", 2), ("a = 1\na = 2\n", 2), ("a = " + "[" * 3000, 1)],
)
def test_what_is_no_toml_is_said_with_its_line(text: str, line: int) -> None:
    (said,) = mistakes(text)

    assert said.startswith(f"alerts.toml:{line}: ")


def test_each_statement_that_is_no_toml_is_said() -> None:
    text = SMALL.replace('"slack"', "slack").replace('["chat"] }', '[\n  "chat" }').replace("[[rules]]", "[[rules]")

    found = mistakes(text)

    assert [one.split(": ")[0] for one in found] == [f"alerts.toml:{line}" for line in (3, 7, 8)]
    assert found[-1].endswith("; all else is read when it is TOML")


def test_of_very_many_the_first_are_said() -> None:
    assert len(mistakes("a = b\n" * 10_000)) == MOST_BROKEN


@pytest.mark.parametrize(
    "line",
    [
        'runbook = "https://hooks.slack.com/services/' + "T0123/B0123/" + 'abcdefghij0123456789ABCD"',
        'environments = ["a@example.com"]',
        '"jane@example.com" = 1',
        'receivers.pager = { kind = "pagerduty", key_variable = "' + "0123456789abcdef" * 2 + '" }',
    ],
)
def test_what_looks_like_a_secret_is_refused_and_not_repeated(line: str) -> None:
    said = "\n".join(mistakes(line + SMALL))

    assert "alerts.toml:1:" in said
    assert not any(secret in said for secret in ("abcdefghij", "@example.com", "0123456789abcdef"))


def test_who_only_the_tracker_reaches_cannot_be_promised_by_the_watch() -> None:
    text = SMALL.replace('to = ["chat"] }', 'to = ["all"] }') + '[receivers.all]\nkind = "members"\n'

    assert mistakes(text) == [
        'alerts.toml:6: only the tracker reaches all: name it in a rule that says by = "tracker"',
    ]


def test_business_hours_must_be_known_where_they_are_named() -> None:
    text = SMALL.replace('["chat"] }', '["chat"], when = "business" }')

    assert mistakes(text) == ["alerts.toml:6: there are no business hours: say business = {...} under [hours]"]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_a_file_without_a_rule_is_a_mistake(text: str) -> None:
    assert mistakes(text) == ["alerts.toml:1: there is no rule; each stands under [[rules]]"]


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"owner = '\xff'")

    for name, why in (("none.toml", "FileNotFoundError"), ("latin.toml", "UnicodeDecodeError")):
        with pytest.raises(AlertsFileError, match=f"^{name}:1: the file cannot be read \\({why}\\)$"):
            load(tmp_path / name)


def test_a_file_that_is_too_long_is_not_read() -> None:
    assert "64,000 characters" in mistakes("#" * (MAX_LENGTH + 1))[0]


@any_text
@given(st.text(max_size=300))
@example("a = " + "9" * 5000)
@example("rules = [[1]]\nreceivers = [1]\npriorities.P0.to = [[]]\nhours = 1979-05-27")
def test_any_text_is_alerts_or_mistakes(text: str) -> None:
    check(text)


_values = st.recursive(
    st.sampled_from(['"P0"', '"chat"', '"new issue"', '"spike"', '"x"', '""', "1", "-1", "true", "1.5", "07:32:00"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["to", "kind", "from", "when", "x"]), inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + "}"
        )
    ),
    max_leaves=5,
)
_keys = st.sampled_from(
    "timezone environments runbook owner hours receivers priorities rules P0 to kind name on by again users".split()
)
_headers = st.sampled_from(
    ["[hours]", "[hours.quiet]", "[receivers.a]", "[priorities]", "[priorities.P0]", "[[rules]]"]
)


@any_text
@given(st.lists(_headers | st.builds("{} = {}".format, _keys, _values), max_size=12))
def test_so_is_anything_that_looks_like_the_file(lines: list[str]) -> None:
    check("\n".join(lines))


@any_text
@given(st.integers(0, len(WHOLE.splitlines()) - 1), st.lists(_headers | st.builds("{} = {}".format, _keys, _values)))
def test_and_the_file_with_lines_changed(place: int, lines: list[str]) -> None:
    check("\n".join([*WHOLE.splitlines()[:place], *lines, *WHOLE.splitlines()[place + 1 :]]))


def check(text: str) -> None:
    try:
        alerts = parse(text)
    except AlertsFileError as error:
        count = text.count("\n") + 1
        for sentence in str(error).split("\n"):
            name, line, said = sentence.split(":", 2)
            assert name == "alerts.toml"
            assert 1 <= int(line) <= count
            assert said.strip()
    else:
        assert all(alerts.fingerprint(rule) for rule in alerts.rules)


@pytest.mark.parametrize(
    "change",
    [
        {"receivers": {"chat": Receiver(name="chat", kind="slack", variable="OTHER_URL")}},
        {"routes": {"P0": Route(("chat",), "business")}},
    ],
)
def test_the_fingerprint_changes_with_what_the_rule_does(change: Mapping[str, Any]) -> None:
    alerts = parse(SMALL.replace('"new issue"', '"new issue"\npriorities = ["P0"]'))

    assert fingerprint(replace(alerts, **change)) != fingerprint(alerts)


def test_the_fingerprint_does_not_change_with_the_rest() -> None:
    text = SMALL.replace('"new issue"', '"new issue"\npriorities = ["P0"]')
    other = '[receivers.mail]\nkind = "email"\nto = ["team@example.com"]\n[[rules]]\nname = "b"\non = "new issue"\n'

    assert fingerprint(parse('runbook = "b.md"\n' + text + other)) == fingerprint(parse(text))


def fingerprint(alerts: Alerts) -> str:
    return alerts.fingerprint(alerts.rules[0])


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T16:59", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T12:00", False),
    ],
)
def test_business_hours_are_on_their_days(moment: str, within: bool) -> None:
    assert Span(DAYS[:5], time(9), time(17)).contains(datetime.fromisoformat(moment)) is within


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        ("2026-11-20T22:00", True),
        ("2026-11-21T06:59", True),  # Saturday morning belongs to Friday night
        ("2026-11-21T07:00", False),
        ("2026-11-21T22:00", False),
        ("2026-11-22T03:00", False),
        ("2026-11-23T03:00", False),
    ],
)
def test_a_night_goes_on_past_midnight(moment: str, within: bool) -> None:
    assert Span(DAYS[:5], time(22), time(7)).contains(datetime.fromisoformat(moment)) is within

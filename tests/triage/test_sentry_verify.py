"""`manage.py sentry_verify`: judges the gate, records what people say, writes evidence."""

import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.alerts import applying
from apps.triage.alerts.file import load
from apps.triage.alerts.plan import plan
from apps.triage.gate import attestations
from apps.triage.gate.attestations import Attestation, write
from apps.triage.gate.items import ATTESTABLE, ITEMS
from apps.triage.watch.config import place
from apps.triage.watch.store import Store
from tests.conftest import ROOT
from tests.triage.gate.conftest import _own_client, nowhere  # noqa: F401
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_rows import member
from tests.triage.real_bugsink import Project
from tests.triage.test_sentry_release import git

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_client")]
IDS = [item.id for item in ITEMS]


@pytest.fixture
def today() -> date:
    """The day on which a test began: midnight may have passed since this module was read."""
    return datetime.now(UTC).date()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """GATE_DIR."""
    monkeypatch.setenv("GATE_DIR", str(tmp_path / "gate"))
    return tmp_path / "gate"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = 0
    try:
        call_command("sentry_verify", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, capsys.readouterr().out


def states(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str]]:
    code, out = run(capsys, "--json", *arguments)
    return code, {item["id"]: item["state"] for item in json.loads(out)["items"]}


def test_on_a_real_bugsink_what_a_machine_can_know_of_capture_holds(
    project: Project, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = states(capsys, "--environment", "staging")

    assert code == 1
    assert list(said) == IDS
    for (
        name
    ) in "tracker dsn secrets middleware sampling capture context caller-errors scrubbing worker staging".split():
        assert said[name] == "held", name
    for name in ATTESTABLE:
        assert said[name] == "not known", name


def test_nothing_is_set_and_every_item_says_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys)

    assert code == 1
    assert "dsn\tfailed\tmeasured\tSENTRY_DSN is not set: no error reaches anybody.\n" in out
    assert "capture\tnot known\tmeasured\tTRACKER_URL and TRACKER_PROJECT and TRACKER_TOKEN must be set" in out
    assert "training\tnot known\tperson\tNobody attested it: manage.py sentry_verify attest training --by NAME" in out
    assert "\ndsn: Put the project's DSN into docker/secrets/sentry_dsn; serve the tracker over TLS.\n" in out
    assert out.splitlines()[-1].startswith("The gate S9-MON-002 does not hold in production: ")
    assert out.endswith(f" of {len(IDS)} items held.\n")


def test_a_tracker_that_is_not_there_is_a_failed_item_and_no_traceback(
    nowhere: None,  # noqa: F811
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out = run(capsys, "--only", "tracker", "capture", "retention")

    assert code == 1
    assert out.count("The tracker cannot be read: ") == 3


@pytest.fixture
def ready(
    glitchtip: GlitchTipDouble,
    tmp_path: Path,
    folder: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    today: date,
) -> Path:
    """A deployment of which everything holds, as far as that can be without one: its checkout."""
    login = {"name": "Jane", "lastLogin": datetime.now(UTC).isoformat(), "hasPasswordAuth": True}
    glitchtip.store.members = [member(number, role="owner", user=login) for number in (1, 2)]
    monkeypatch.setattr(checks, "run_checks", lambda **kwargs: [])
    monkeypatch.setenv("GLITCHTIP_MAX_EVENT_LIFE_DAYS", "90")
    monkeypatch.setenv("SENTRY_RELEASE", "goimg-api@1.0.0+d877aba")
    monkeypatch.setenv("OUTBOX_DIR", str(tmp_path / ".local" / "outbox"))
    settings.BASE_DIR = tmp_path
    for environment in ("staging", "production"):
        glitchtip.store.ingest({"event_id": _event(environment), "environment": environment, "message": "x"}, 1)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("README.md", "alerts.toml", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "--quiet")
    _leave_records(tmp_path, folder)
    (tmp_path / ".local" / "watch").mkdir(parents=True)
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path / ".local" / "watch"))
    Store(tmp_path / ".local" / "watch").beat(datetime.now(UTC), place(os.environ, config.tracker().url))
    for name in ATTESTABLE:
        said = Attestation(item=name, by="Jane Doe", date=today, expires=today + timedelta(days=30))
        write(folder / "attestations.toml", said, ATTESTABLE)
    return tmp_path


def _leave_records(root: Path, folder: Path) -> None:
    now, alerts, tracker = datetime.now(UTC).isoformat(), load(root / "alerts.toml"), config.tracker()
    list(applying.apply(tracker, plan(alerts, tracker)))
    budget = {"name": "bytes", "at_most": 0.6, "ratio": 0.4}
    figures = {"date": now, "commit": "d877aba", "changed": False, "whole": True, "budgets": [budget]}
    (root / "docs" / "figures" / "overhead.json").write_text(json.dumps(figures))
    folder.mkdir()
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "All of it")
    tests = {"date": now, "commit": git(root, "rev-parse", "HEAD"), "changed": False, "passed": 3600, "skipped": 0}
    (folder / "tests.json").write_text(json.dumps(tests))
    containers = tests | {"passed": ["build"], "skipped": []}
    (folder / "containers.json").write_text(json.dumps(containers))
    fired = [
        {
            "rule": rule.name,
            "sha256": alerts.fingerprint(rule),
            "receiver": "real",
            "kinds": sorted({one.kind for one in alerts.receivers.values()}),
            "tracker": tracker.name,
            "environment": environment,
            "event_ids": [_event(environment)],
            "at": now,
        }
        for rule in alerts.rules
        for environment in ("staging", "production")
    ]
    (folder / "fired.json").write_text(json.dumps({"schema": 1, "fired": fired}))


def _event(environment: str) -> str:
    return ("a" if environment == "staging" else "b") * 32


def _of_one_s_own(name: str) -> bool:
    # What needs a process of its own, or pages that stand elsewhere in the repository.
    return name in ("sdk", "documentation")


def test_staging_then_production_and_the_gate_holds(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [name for name in IDS if not _of_one_s_own(name)]

    first, said = states(capsys, "--environment", "staging", "--only", *names)
    assert (first, [name for name in names if said[name] != "held"]) == (1, ["production"])
    run(capsys, "--environment", "staging", "--report")
    second, said = states(capsys, "--environment", "production", "--only", *names)

    assert (second, {name for name in names if said[name] != "held"}) == (0, set())


def test_the_evidence_has_no_secret_and_no_address(
    ready: Path, folder: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    run(capsys, "--environment", "staging", "--report", str(ready / "evidence.md"))

    page = (ready / "evidence.md").read_text()
    assert "| tracker | GlitchTip 5.2, http://127.0.0.1:" in page
    assert "Attested by Jane Doe on " in page
    for text in (page, (ready / "evidence.json").read_text()):
        assert "t" * 40 not in text
        assert "0" * 32 not in text
        assert settings.SECRET_KEY not in text
        assert "@example.com" not in text


def test_the_evidence_lands_in_the_gate_s_folder(ready: Path, folder: Path) -> None:
    with pytest.raises(SystemExit):
        call_command("sentry_verify", "--environment", "staging", "--report")

    names = sorted(path.name for path in (folder / "reports").iterdir())
    assert [name.rpartition("-")[2] for name in names] == ["staging.json", "staging.md"]


def test_evidence_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").touch()

    with pytest.raises(CommandError, match="is there already: evidence is not written over") as refused:
        call_command("sentry_verify", "--report", str(tmp_path / "evidence.md"))

    assert refused.value.returncode == 2


def test_a_word_is_recorded_and_counts(folder: Path, today: date, capsys: pytest.CaptureFixture[str]) -> None:
    expires = str(today + timedelta(days=30))
    assert states(capsys, "--only", "training") == (1, {"training": "not known"})

    call_command("sentry_verify", "attest", "training", "--by", "Jane Doe", "--expires", expires, "--note", "A day.")

    assert capsys.readouterr().out.startswith(f"Jane Doe attested training until {expires}: ")
    assert states(capsys, "--only", "training") == (0, {"training": "held"})


@pytest.fixture
def attested(folder: Path, today: date) -> str:
    """What attests training, after somebody did for ten days: a command line but for --replace."""
    said = Attestation(item="training", by="Jane Doe", date=today, expires=today + timedelta(days=10))
    folder.mkdir()
    write(folder / "attestations.toml", said, ATTESTABLE)
    return f"attest training --by Joe --expires {today + timedelta(days=30)}"


def who(folder: Path) -> str:
    return attestations.load(folder / "attestations.toml", ATTESTABLE)["training"].by


def test_a_word_that_counts_is_not_replaced_without_being_asked_for(folder: Path, attested: str, today: date) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_verify", *attested.split())

    assert str(refused.value) == (
        f"Jane Doe attested training on {today}, which counts until {today + timedelta(days=10)}: "
        "nothing was changed. --replace puts yours in its place."
    )
    assert (refused.value.returncode, who(folder)) == (2, "Jane Doe")


def test_a_word_is_replaced_when_that_is_said(folder: Path, attested: str) -> None:
    call_command("sentry_verify", *attested.split(), "--replace")

    assert who(folder) == "Joe"


@pytest.mark.parametrize(("answer", "by"), [("y", "Joe"), ("", "Jane Doe")])
def test_on_a_terminal_it_asks_whose_word_is_to_stand(
    folder: Path, attested: str, today: date, monkeypatch: pytest.MonkeyPatch, answer: str, by: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: [asked.append(question), answer][1])

    with suppress(CommandError):
        call_command("sentry_verify", *attested.split())

    assert who(folder) == by
    assert asked[0].startswith(f"Jane Doe attested training on {today}, which counts until ")


def test_a_word_that_has_ended_is_renewed_without_a_question(folder: Path, attested: str, today: date) -> None:
    long_ago = today - timedelta(days=20)
    ended = Attestation(item="training", by="Jane Doe", date=long_ago, expires=long_ago)
    write(folder / "attestations.toml", ended, ATTESTABLE)

    call_command("sentry_verify", *attested.split())

    assert who(folder) == "Joe"


def test_the_list_judges_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "--list", "--json")

    assert (code, [row["item"] for row in json.loads(out)]) == (0, IDS)


def test_list_and_report_use_the_same_words_for_how_it_is_known(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {row["item"]: row["known by"] for row in json.loads(run(capsys, "--list", "--json")[1])}

    _, out = run(capsys, "--environment", "staging", "--json")

    held = [item for item in json.loads(out)["items"] if item["state"] == "held"]
    assert len(held) > 20
    for item in held:
        assert item["known_by"] in listed[item["id"]].split(" or "), item["id"]


def test_the_file_that_is_shipped_has_nobody_s_word() -> None:
    assert attestations.load(ROOT / "gate" / "attestations.toml", ATTESTABLE) == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "scrubing"], "'scrubing' is no item of the gate; did you mean scrubbing?"),
        (["--only", "zzz"], "'zzz' is no item of the gate; --list shows what there is."),
        (["--environment", "a b"], "SENTRY_ENVIRONMENT must be at most 64 characters without spaces or slashes"),
        (["--environment", ""], "--environment must be a name, such as staging."),
        (["--timeout", "-1"], "--timeout must be a number of seconds, 0 or more."),
        (["--report", "evidence.txt"], "--report takes a file that ends in .md"),
        (["--report", "--only", "dsn"], "--report is about the whole gate; leave out --only."),
        (["attest", "dsn", "--by", "J", "--expires", "2027-01-01"], "'dsn' is no item that a person can attest;"),
        (["attest", "dpa", "--by", "J", "--expires", "soon"], "--expires must be a day, such as 2027-05-31."),
        (["attest", "dpa", "--by", "J", "--expires", "2020-01-01"], "expires must not be before date"),
        (["attest", "dpa", "--by", "j@example.com", "--expires", str(date.max)], "a word about dpa is good for 366"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    folder: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_verify", *arguments)

    assert sentence in str(refused.value)
    assert refused.value.returncode == 2
    assert not folder.exists()


def test_a_mistake_in_the_attestations_is_told_with_its_line(folder: Path) -> None:
    folder.mkdir()
    (folder / "attestations.toml").write_text("\n[trainin]\n")

    with pytest.raises(CommandError, match=r"attestations\.toml:2: trainin is no item .*; did you mean training\?"):
        call_command("sentry_verify", "--only", "dsn")

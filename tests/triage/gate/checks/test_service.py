"""This deployment: its checks, its secrets, its outbox, its figures."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks

from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.transport import outbox_for
from apps.triage.gate.checks import service
from tests.conftest import ROOT
from tests.triage.gate.conftest import MakeScope

NOW = datetime.now(UTC)
DSN = f"http://{'0' * 32}@127.0.0.1:9/1"


@pytest.fixture
def _nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_checks, "run_checks", lambda **kwargs: [])


def test_findings_of_the_deployment_checks_have_failed_and_are_named(make_scope: MakeScope) -> None:
    found = service.deployment(make_scope())

    assert found.state == "failed"
    assert "error_tracking.E017: DEMO_ERRORS is on: anybody can make this service fail; " in found.said
    assert "security.W008: Your SECURE_SSL_REDIRECT setting is not set to True" in found.said


def test_no_findings_of_the_deployment_checks_hold(make_scope: MakeScope, _nothing_found: None) -> None:
    assert service.deployment(make_scope()).said == "manage.py check --deploy: nothing found."


def test_what_is_silenced_is_not_counted(make_scope: MakeScope, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [django_checks.Warning("x", id="security.W004"), django_checks.Info("y", id="x.I001")]
    monkeypatch.setattr(django_checks, "run_checks", lambda **kwargs: found)
    settings.SILENCED_SYSTEM_CHECKS = ["security.W004"]

    assert service.deployment(make_scope()).state == "held"


def test_strong_secrets_hold(make_scope: MakeScope) -> None:
    assert service.secrets(make_scope(dsn=DSN)).said == (
        "SENTRY_DSN is set, SECRET_KEY is strong, SQLite needs no password."
    )


def _on_postgresql(monkeypatch: pytest.MonkeyPatch, settings: Any, password: str) -> None:
    for name, value in (("ENGINE", "django.db.backends.postgresql"), ("PASSWORD", password)):
        monkeypatch.setitem(settings.DATABASES["default"], name, value)


def test_weak_secrets_have_failed_and_are_not_shown(
    make_scope: MakeScope, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = "k" * 60
    _on_postgresql(monkeypatch, settings, "goimg")
    (tmp_path / "docker" / "secrets").mkdir(parents=True, mode=0o755)
    (tmp_path / "docker" / "secrets").chmod(0o755)

    found = service.secrets(make_scope())

    assert found.state == "failed"
    assert found.said == (
        "SENTRY_DSN is not set; SECRET_KEY has fewer than 50 characters, or fewer than 5 different ones; "
        "the database's password has fewer than 16 characters; docker/secrets is open to other users of this machine."
    )


def test_a_password_that_is_long_enough_holds(
    make_scope: MakeScope, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _on_postgresql(monkeypatch, settings, "p" * 43)

    assert service.secrets(make_scope(dsn=DSN)).said.endswith("the database's password is long enough.")


@pytest.fixture
def delivery(tmp_path: Path) -> DeliveryOptions:
    return DeliveryOptions(outbox_dir=str(tmp_path / "outbox"))


def test_an_outbox_that_is_empty_holds_and_keeps_no_probe(make_scope: MakeScope, delivery: DeliveryOptions) -> None:
    found = service.outbox(make_scope(dsn=DSN, delivery=delivery))

    assert found.state == "held"
    box = outbox_for(DSN, delivery)
    assert box is not None
    assert not list(box.folder.glob(".gate-*"))


def test_what_waits_has_failed(make_scope: MakeScope, delivery: DeliveryOptions) -> None:
    box = outbox_for(DSN, delivery)
    assert box is not None
    box.add("event", "a" * 32, b"x")

    found = service.outbox(make_scope(dsn=DSN, delivery=delivery, timeout=0.1))

    assert found.state == "failed"
    assert found.said == "1 envelope in the outbox, waiting for the tracker."


def test_what_was_refused_has_failed(make_scope: MakeScope, delivery: DeliveryOptions) -> None:
    box = outbox_for(DSN, delivery)
    assert box is not None
    box.add("event", "a" * 32, b"x")
    box.refuse(box.entries()[0], 1, "403")

    assert service.outbox(make_scope(dsn=DSN, delivery=delivery)).said == (
        "1 envelope set aside, refused by the tracker."
    )


def test_what_waits_for_the_tracker_of_an_old_dsn_has_failed(make_scope: MakeScope, delivery: DeliveryOptions) -> None:
    old = outbox_for(DSN.replace("/1", "/2"), delivery)
    assert old is not None
    old.add("event", "a" * 32, b"x")

    assert service.outbox(make_scope(dsn=DSN, delivery=delivery)).said == (
        "1 envelope waiting for a tracker that is not the DSN's (any more)."
    )


def test_no_outbox_has_failed(make_scope: MakeScope) -> None:
    assert service.outbox(make_scope(dsn=DSN)).said.startswith("OUTBOX_DIR is not set")
    assert service.outbox(make_scope()).said.startswith("SENTRY_DSN is not set")


def test_an_outbox_that_cannot_be_written_to_has_failed(make_scope: MakeScope, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    delivery = DeliveryOptions(outbox_dir=str(tmp_path / "file"))

    found = service.outbox(make_scope(dsn=DSN, delivery=delivery))

    assert found.state == "failed"
    assert "cannot be written to (" in found.said


def figures(**changes: Any) -> dict[str, Any]:
    budget = {"name": "bytes", "at_most": 0.6, "ratio": 0.458, "met": True}
    made = {"date": NOW.isoformat(), "commit": "d877aba5", "changed": False, "whole": True, "budgets": [budget]}
    return made | changes


def overhead(make_scope: MakeScope, text: str, **changes: Any) -> Any:
    scope = make_scope(**changes)
    path = scope.root / service.OVERHEAD
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return service.overhead(scope)


def test_budgets_that_are_met_hold_with_date_and_commit(make_scope: MakeScope) -> None:
    found = overhead(make_scope, json.dumps(figures()))

    assert (found.state, found.basis) == ("held", "record")
    assert found.said == f"All 1 budgets are met ({NOW:%Y-%m-%d}, commit d877aba)."


def test_figures_of_another_commit_are_said_to_be(make_scope: MakeScope) -> None:
    found = overhead(make_scope, json.dumps(figures()), release="goimg-api@1.0.0+1234567")

    assert found.said == f"All 1 budgets are met ({NOW:%Y-%m-%d}, commit d877aba, here is 1234567)."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"budgets": [{"name": "CPU", "at_most": 0.5, "ratio": 0.595, "met": True}]},
            "1 of 1 budgets are missed ({day}, commit d877aba): CPU: 0.595 of 0.5.",
        ),
        ({"budgets": [{"name": "CPU", "at_most": 0.5, "ratio": float("nan")}]}, "1 of 1 budgets are missed"),
        ({"date": (NOW - timedelta(days=91)).isoformat()}, "they count for 90 days: run `make bench`."),
        ({"date": (NOW + timedelta(days=1)).isoformat()}, "they count for 90 days: run `make bench`."),
        ({"whole": False}, "are of a part (--quick). `make bench` measures all."),
        ({"budgets": []}, "are of a part (--quick). `make bench` measures all."),
    ],
)
def test_budgets_that_are_missed_old_or_few_have_failed(
    make_scope: MakeScope, changes: dict[str, Any], said: str
) -> None:
    found = overhead(make_scope, json.dumps(figures(**changes)))

    assert found.state == "failed"
    assert said.format(day=f"{NOW:%Y-%m-%d}") in found.said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"date": "today"}', "null", json.dumps(figures(budgets=[3]))])
def test_figures_that_cannot_be_read_are_not_known(make_scope: MakeScope, text: str) -> None:
    assert overhead(make_scope, text).state == "not known"


def test_no_figures_are_not_known(make_scope: MakeScope) -> None:
    assert service.overhead(make_scope()).state == "not known"


def test_the_figures_that_are_committed_can_be_read(make_scope: MakeScope) -> None:
    assert service.overhead(make_scope(root=ROOT)).state != "not known"

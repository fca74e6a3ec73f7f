"""The rules are what Prometheus reads, each can fire, and each leads to a page of the runbook."""

import re
import shutil
import subprocess

import pytest
from django.utils.text import slugify

from tests.observability import places

FIRED = places.read(places.ROOT / "tests" / "observability" / "rules.yml")["tests"]


def promtool(*arguments: str) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    result = subprocess.run([program, *arguments], cwd=places.ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_prometheus_takes_the_configuration() -> None:
    promtool("check", "config", "--syntax-only", "docker/prometheus/prometheus.yml")


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", *map(str, places.RULE_FILES))


def test_each_rule_fires_when_it_must_and_not_when_all_is_well() -> None:
    promtool("test", "rules", "tests/observability/rules.yml")


def test_of_each_rule_both_is_tried() -> None:
    tried = [(found["alertname"], bool(found.get("exp_alerts"))) for test in FIRED for found in test["alert_rule_test"]]
    assert set(tried) == {(rule["alert"], fires) for rule in places.RULES for fires in (True, False)}


@pytest.mark.parametrize("rule", places.RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_a_severity_and_a_page_of_the_runbook(rule: dict[str, dict[str, str]]) -> None:
    path, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (places.ROOT / path).read_text(), re.MULTILINE)
    assert anchor in {slugify(heading) for heading in headings}
    assert rule["labels"]["severity"] in ("P0", "P1", "P2", "P3")

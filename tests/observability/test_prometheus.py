"""A real Prometheus, with the configuration that production has, and what it makes of it."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.daemons import SECONDS, Daemon, free_port, wait_until
from tests.observability import places
from tests.observability.stack import TOKEN, Stack


def configuration(running: Stack, folder: Path) -> Path:
    """Write production's configuration with the addresses and the token's file of this machine; return its path."""
    (folder / "token").write_text(TOKEN)
    config = places.read(places.PROMETHEUS / "prometheus.yml")
    config["global"] = dict.fromkeys(config["global"], "1s")
    config["rule_files"] = [str(places.PROMETHEUS / pattern) for pattern in config["rule_files"]]
    for job in config["scrape_configs"]:
        job.pop("dns_sd_configs", None)
        job["static_configs"] = [{"targets": [running.addresses[job["job_name"]]]}]
        if "authorization" in job:
            job["authorization"]["credentials_file"] = str(folder / "token")
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config))
    return path


@pytest.fixture(scope="module")
def prometheus(running: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    program, folder = shutil.which("prometheus"), tmp_path_factory.mktemp("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed (Debian: apt-get install prometheus)")
    address = f"127.0.0.1:{free_port()}"
    options = [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address={address}"]
    command = [program, f"--config.file={configuration(running, folder)}", *options]
    base_url = f"http://{address}/api/v1"
    with Daemon(command, os.environ, folder / "log"), httpx.Client(base_url=base_url, timeout=SECONDS) as client:
        wait_until(lambda: rules(client) and all(rule["health"] == "ok" for rule in rules(client)))
        yield client


def rules(prometheus: httpx.Client) -> list[dict[str, Any]]:
    with suppress(httpx.TransportError):
        answer = prometheus.get("/rules")
        if answer.status_code == 200:
            return [rule for group in answer.json()["data"]["groups"] for rule in group["rules"]]
    return []


def values(prometheus: httpx.Client, expression: str) -> list[dict[str, Any]]:
    answer = prometheus.get("/query", params={"query": expression.replace("$__rate_interval", "1m")}).json()
    assert answer["status"] == "success", answer
    return list(answer["data"]["result"])


def test_it_reads_every_job(prometheus: httpx.Client, running: Stack) -> None:
    wait_until(lambda: {found["metric"]["job"] for found in values(prometheus, "up == 1")} == set(running.addresses))


def test_it_evaluates_every_rule(prometheus: httpx.Client) -> None:
    assert {rule["name"] for rule in rules(prometheus)} == {rule["alert"] for rule in places.RULES}


def test_each_panel_has_something_to_show(prometheus: httpx.Client) -> None:
    def empty() -> set[str]:
        asked = {where: expression for where, expression in places.EXPRESSIONS.items() if where.startswith("panel")}
        return {where for where, expression in asked.items() if not values(prometheus, expression)}

    wait_until(lambda: not empty())


def test_a_legend_names_labels_that_the_answer_has(prometheus: httpx.Client) -> None:
    def without() -> set[str]:
        asked = [(panel, target) for panel in places.PANELS for target in panel["targets"]]
        return {panel["title"] for panel, target in asked if not _explained(values(prometheus, target["expr"]), target)}

    wait_until(lambda: not without())


def _explained(found: list[dict[str, Any]], target: dict[str, str]) -> bool:
    """Say whether each series of an answer has all labels of the legend."""
    labels = set(re.findall(r"{{\s*(\w+)\s*}}", target["legendFormat"]))
    return bool(found) and all(labels <= series["metric"].keys() for series in found)

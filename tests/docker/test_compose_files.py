"""What each service in production has."""

import re
from typing import Any

import pytest
import yaml

from tests.processes import ROOT


def services(compose: str) -> dict[str, dict[str, Any]]:
    said = yaml.safe_load((ROOT / "docker" / f"docker-compose.{compose}.yml").read_text())["services"]
    return {f"{compose}: {name}": service for name, service in said.items()}


SERVICES = services("prod") | services("glitchtip") | services("observability")


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_is_limited_and_may_do_nothing_that_it_need_not(service: dict[str, Any]) -> None:
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_an_image_is_pinned(service: dict[str, Any]) -> None:
    assert re.search(r":(\$\{\w+:-)?[^:]*\d", service["image"].rpartition("/")[2])
    assert ":latest" not in service["image"]


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_that_stays_says_how_it_is(service: dict[str, Any]) -> None:
    assert service["restart"] == "no" or "test" in service["healthcheck"]


def test_only_nginx_and_grafana_have_ports_and_grafana_s_is_for_this_host() -> None:
    ports = {name: said["ports"] for name, said in SERVICES.items() if "ports" in said}
    assert ports.keys() == {"prod: nginx", "observability: grafana"}
    assert all(port.startswith("127.0.0.1:") for port in ports["observability: grafana"])


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_is_given_each_secret_that_its_variables_name(service: dict[str, Any]) -> None:
    values = map(str, (service.get("environment") or {}).values())
    assert {value.removeprefix("/run/secrets/") for value in values if value.startswith("/run/secrets/")} <= {
        *service.get("secrets", [])
    }


def test_who_shows_metrics_on_all_its_networks_shows_them_to_who_has_the_token() -> None:
    shown = {
        name: said["environment"] for name, said in SERVICES.items() if "METRICS_BIND" in said.get("environment", {})
    }
    assert shown.keys() == {"prod: worker", "prod: scheduler"}
    assert all(said["METRICS_TOKEN_FILE"] == "/run/secrets/metrics_token" for said in shown.values())


def test_prometheus_has_the_token_for_each_of_them() -> None:
    jobs = yaml.safe_load((ROOT / "docker" / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]
    assert {job["authorization"]["credentials_file"] for job in jobs} == {"/run/secrets/metrics_token"}
    assert "metrics_token" in SERVICES["observability: prometheus"]["secrets"]

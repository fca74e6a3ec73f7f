"""The dashboards and what Grafana is told of them. Their expressions: test_names.py."""

import json
from pathlib import Path

import pytest

from tests.observability import places

# Those that are used, of https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
# What Grafana does not know it prints behind the number.
UNITS = {"short", "s", "reqps", "cps", "percentunit"}
PROVISIONING = places.ROOT / "docker" / "grafana" / "provisioning"


@pytest.mark.parametrize("path", places.DASHBOARDS, ids=lambda path: path.name)
def test_a_dashboard_asks_the_data_source_that_is_provisioned(path: Path) -> None:
    (source,) = places.read(PROVISIONING / "datasources" / "prometheus.yml")["datasources"]
    panels = json.loads(path.read_text())["panels"]
    assert {panel["datasource"]["uid"] for panel in panels} == {source["uid"]}
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_no_panel_lies_on_another_one() -> None:
    for path in places.DASHBOARDS:
        grids = [panel["gridPos"] for panel in json.loads(path.read_text())["panels"]]
        assert all(grid["x"] >= 0 and grid["y"] >= 0 and grid["w"] > 0 and grid["h"] > 0 for grid in grids)
        cells = [(grid["x"] + x, grid["y"] + y) for grid in grids for x in range(grid["w"]) for y in range(grid["h"])]
        assert len(set(cells)) == len(cells)
        assert max(x for x, _ in cells) < 24


def test_grafana_knows_each_panel_and_its_unit() -> None:
    assert {panel["fieldConfig"]["defaults"]["unit"] for panel in places.PANELS} <= UNITS
    assert {panel["type"] for panel in places.PANELS} <= {"timeseries", "stat"}


def test_the_queries_of_a_panel_and_the_dashboards_have_names_of_their_own() -> None:
    for panel in places.PANELS:
        names = [target["refId"] for target in panel["targets"]]
        assert len(set(names)) == len(names), panel["title"]
    assert len({json.loads(path.read_text())["uid"] for path in places.DASHBOARDS}) == len(places.DASHBOARDS)


def test_the_dashboards_are_where_grafana_looks_for_them() -> None:
    (provider,) = places.read(PROVISIONING / "dashboards" / "goimg.yml")["providers"]
    grafana = places.read(places.ROOT / "docker" / "docker-compose.observability.yml")["services"]["grafana"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]

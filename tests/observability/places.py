"""What docker/prometheus and docker/grafana hold."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "docker" / "prometheus"
RULE_FILES = sorted((PROMETHEUS / "rules").glob("*.yml"))
DASHBOARDS = sorted((ROOT / "docker" / "grafana" / "dashboards").glob("*.json"))


def read(path: Path) -> Any:
    """Return what a YAML or JSON file says."""
    return yaml.safe_load(path.read_text())


RULES: list[dict[str, Any]] = [rule for path in RULE_FILES for group in read(path)["groups"] for rule in group["rules"]]
PANELS: list[dict[str, Any]] = [panel for path in DASHBOARDS for panel in json.loads(path.read_text())["panels"]]
EXPRESSIONS = {f"alert {rule['alert']}": rule["expr"] for rule in RULES} | {
    f"panel {panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]
}

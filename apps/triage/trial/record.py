"""fired.json: which rule was seen to fire, when and where. No secret and no address is in it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from apps.triage.alerts.rules import Alerts
from apps.triage.plain import write_whole

from .trying import Outcome

SCHEMA = 1
_SAME = ("rule", "environment", "receiver")


class RecordError(Exception):
    """The record cannot be read or written; the message says why."""


def entries(
    outcomes: Sequence[Outcome], alerts: Alerts, tracker: str, receiver: Literal["real", "local"], now: datetime
) -> list[dict[str, Any]]:
    """Return an entry for each rule of which every trial went well.

    `sha256` is of the rule as the file has it, with its receivers and hours: a rule that was changed since was not
    seen to fire.
    """
    rules = {rule.name: rule for rule in alerts.rules}
    found = []
    for name in dict.fromkeys(one.trial.rule.name for one in outcomes):
        mine = [one for one in outcomes if one.trial.rule.name == name]
        if not all(one.well for one in mine):
            continue
        told = {receiver for one in mine for receiver in one.told}
        found.append(
            {
                "rule": name,
                "sha256": alerts.fingerprint(rules[name]),
                "kinds": sorted({alerts.receivers[one].kind for one in told}),
                "receiver": receiver,
                "evaluated_by": mine[0].trial.by,
                "tracker": tracker,
                "environment": mine[0].trial.environment,
                "event_ids": [one.event_id for one in mine],
                "at": now.isoformat(timespec="seconds"),
            }
        )
    return found


def write(path: Path, new: Sequence[Mapping[str, Any]]) -> None:
    """Add entries; each takes the place of one about the same rule, environment and kind of receiver.

    Raises RecordError.
    """
    taken = {_key(entry) for entry in new}
    kept = [entry for entry in _read(path) if _key(entry) not in taken]
    document = {"schema": SCHEMA, "fired": sorted([*kept, *new], key=_key)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(document, indent=2) + "\n")
    except OSError as error:
        raise RecordError(f"{path} cannot be written ({type(error).__name__}).") from error


def _read(path: Path) -> Iterable[Mapping[str, Any]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = list(document["fired"])
        for entry in found:
            _key(entry)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordError(f"{path} cannot be read ({type(error).__name__}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{path} is there already and is no record that can be read; move it away.") from error
    return found


def _key(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry[name]) for name in _SAME)

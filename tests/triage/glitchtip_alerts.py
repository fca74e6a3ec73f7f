"""What GlitchTip's API answers about alert rules, with its traps.

A change without recipients deletes them, a count that its database cannot hold and a recipient that is there twice are
an error 500, who is no admin gets a 404 for a deletion. Stricter than the real one in this: a field that it does not
know is a 400.
"""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.triage.glitchtip_routes import PLACE, Answer, Refused, Routes, route

_FIELDS = {"name", "timespanMinutes", "quantity", "uptime", "alertRecipients"}
_WRITE = ("project:write", "project:admin")
_ALERT = f"{PLACE}alerts/(?P<number>\\d+)/"


@route("GET", f"{PLACE}alerts/", "project:read")
def alerts(self: Routes, org: str, slug: str) -> Answer:
    """An empty list for what is not there."""
    return self.page([row for row in self.store.alerts if (org, slug) == ("acme", row["project"])], "-id", _shown)


@route("POST", f"{PLACE}alerts/", *_WRITE)
def create(self: Routes, org: str, slug: str) -> Answer:
    if org != "acme" or slug not in self.store.projects.values():
        raise Refused(404, {"detail": "Not Found"})
    row = {"id": 1 + max((row["id"] for row in self.store.alerts), default=100), "project": slug, "name": ""}
    row |= {"timespanMinutes": None, "quantity": None, "uptime": False, "alertRecipients": []}
    given = _given(self)
    self.store.alerts.append(row | {key: value for key, value in given.items() if key != "alertRecipients"})
    _set(self.store.alerts[-1], given)
    return 201, _shown(self.store.alerts[-1])


@route("PUT", _ALERT, *_WRITE)
def change(self: Routes, org: str, slug: str, number: str) -> Answer:
    row = _found(self, org, slug, number)
    _set(row, {"alertRecipients": [], **_given(self)})
    return 200, _shown(row)


@route("DELETE", _ALERT, "project:admin")
def delete(self: Routes, org: str, slug: str, number: str) -> Answer:
    row = _found(self, org, slug, number)
    if not self.store.admin:
        raise Refused(404, {"detail": "Not Found"})
    if not self.double.lies:
        self.store.alerts.remove(row)
    return 204, None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    recipients = [{"id": place, **one} for place, one in enumerate(row["alertRecipients"], 1)]
    return {key: value for key, value in row.items() if key != "project"} | {"alertRecipients": recipients}


def _found(self: Routes, org: str, slug: str, number: str) -> dict[str, Any]:
    for row in self.store.alerts:
        if (org, slug, number) == ("acme", row["project"], str(row["id"])):
            return row
    raise Refused(404, {"detail": "Not Found"})


def _set(row: dict[str, Any], given: dict[str, Any]) -> None:
    """The rule is stored before its recipients, so that what fails leaves a rule that tells nobody."""
    recipients = given.get("alertRecipients", [])
    if any(one in recipients[:place] for place, one in enumerate(recipients)):
        raise Refused(500)
    row |= given


def _given(self: Routes) -> dict[str, Any]:
    if unknown := set(self.body) - _FIELDS:
        raise Refused(400, {"detail": f"Unknown fields: {sorted(unknown)}"})
    if any((self.body.get(name) or 0) > 32_767 for name in ("quantity", "timespanMinutes")):
        raise Refused(500)
    recipients = [_recipient(one) for one in self.body.get("alertRecipients", [])]
    given = {key: value for key, value in self.body.items() if key != "alertRecipients"}
    given |= {"quantity": 99} if self.double.lies else {}
    return given | ({"alertRecipients": recipients} if "alertRecipients" in self.body else {})


def _recipient(one: dict[str, Any]) -> dict[str, str]:
    kind, url = one.get("recipientType"), one.get("url") or ""
    parts = urlsplit(url)
    if kind not in ("email", "webhook", "discord", "googlechat") or (not parts.hostname and (url or kind != "email")):
        raise Refused(422, {"detail": [{"loc": ["body", "payload", "alertRecipients"], "input": url}]})
    if not url:
        return {"recipientType": kind, "url": ""}
    return {
        "recipientType": kind,
        "url": urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/")),
    }

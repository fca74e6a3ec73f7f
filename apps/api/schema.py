"""The API docs know every problem response and the X-Request-ID header without each view saying so."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from . import problem_types, problems

_REQUEST_ID = {"X-Request-ID": {"schema": {"type": "string"}, "description": "Quote it when you report a problem."}}
_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait before trying again."}}


class FieldErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (https://www.rfc-editor.org/rfc/rfc9457)."""

    type = serializers.CharField(help_text="Leads to a page that says what it means.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The path of the request.")
    request_id = serializers.CharField(help_text="The same as X-Request-ID.")
    traceId = serializers.CharField(help_text="The same as request_id.")
    event_id = serializers.CharField(required=False, help_text="The error's ID in the tracker, if it was reported.")
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]


class ProblemAutoSchema(AutoSchema):
    """Adds what every operation of this API has.

    A view adds problems of its own with `problem_statuses = (409,)`.
    """

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in sorted(self._problem_statuses()):
            bodies.setdefault(str(status), self._problem_response(status))
        for code, body in bodies.items():
            retry = _RETRY_AFTER if code in {"429", "503"} else {}
            body["headers"] = {**body.get("headers", {}), **_REQUEST_ID, **retry}
        return bodies

    def _problem_statuses(self) -> set[int]:
        """Work out from the view what can go wrong."""
        statuses = {406, 500, 503, *getattr(self.view, "problem_statuses", ())}
        if self.view.get_authenticators():
            statuses.add(401)
        if "{" in self.path:
            statuses |= {403, 404}
        if self.method in {"POST", "PUT", "PATCH"}:
            statuses |= {400, 413, 415}
        if getattr(self.view, "pagination_class", None):
            statuses.add(400)
        if self.view.get_throttles():
            statuses.add(429)
        return statuses

    def _problem_response(self, status: int) -> dict[str, Any]:
        component = self.resolve_serializer(ProblemSerializer, "response")
        kind = problem_types.lookup(status)
        return {
            "description": kind.meaning if kind else "",
            "content": {problems.CONTENT_TYPE: {"schema": component.ref}},
        }

"""Eight ways to fail, for people who are signed in: the application's own sign-in says whose error it is."""

import logging

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.error_tracking import capture_error

logger = logging.getLogger(__name__)


class ExportError(Exception):
    """The last link of a chain."""


class Fail(APIView):
    """`GET fail/<kind>` fails in that way."""

    schema = None

    def get(self, request: Request, kind: str) -> Response:
        """Fail."""
        return Response(getattr(self, f"_{kind}")())

    def _prices(self) -> int:
        return {"print": 12}["poster"]

    def _ratio(self) -> float:
        width, height = 1600, 0
        return width / height

    def _export(self) -> None:
        try:
            rows: list[str] = []
            rows[0]
        except IndexError as error:
            raise ExportError("The export has no rows.") from error

    def _database(self) -> None:
        raise OperationalError("connection to server failed: Connection refused")

    def _escape(self) -> None:
        raise SuspiciousOperation("A file name tried to leave its folder.")

    def _import(self) -> dict[str, int]:
        logger.error("The nightly import skipped %d rows.", 3)
        return {"skipped": 3}

    def _stock(self) -> dict[str, bool]:
        try:
            int("twelve")
        except ValueError as error:
            capture_error(error, tags={"import": "stock"})
        return {"done": False}

    def _upload(self) -> None:
        raise ExceptionGroup("two uploads failed", [TimeoutError("first"), ConnectionError("second")])

"""JSON bodies, read strictly: what is ambiguous is refused, not guessed."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

# Far beyond any body of this API, far below what makes a parser or a validator run out of stack.
MAX_DEPTH = 64


class StrictJSONParser(BaseParser):
    """Parses application/json; the body must be one JSON object (https://www.rfc-editor.org/rfc/rfc8259)."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the object.

        Raises ParseError (400) for anything else, RequestDataTooBig (413) beyond DATA_UPLOAD_MAX_MEMORY_SIZE.
        """
        # `body`, not `stream.read()`: only it enforces DATA_UPLOAD_MAX_MEMORY_SIZE.
        raw: bytes = (parser_context or {})["request"]._request.body
        value = _load(raw)
        if not isinstance(value, dict):
            raise ParseError("The request body must be a JSON object.")
        if _deeper_than(value, MAX_DEPTH):
            raise _too_deep()
        return value


def _load(raw: bytes) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The request body is not valid UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"The request body is not valid JSON: line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise ParseError("The request body contains a number that is too long.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that comes twice: two readers of such an object may see different values."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ParseError("The request body names the same field twice.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"The request body contains {name}, which is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParseError("The request body contains a number that is too large.")
    return number


def _too_deep() -> ParseError:
    return ParseError(f"The request body is nested more than {MAX_DEPTH} levels deep.")


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(node, dict | list) for node in level)


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []

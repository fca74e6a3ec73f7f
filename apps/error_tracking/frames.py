"""Stack frames with the context that helps and none of the data: variables by shape, source lines, in-app only.

The SDK serialises every variable of every frame before anything can look at it; here only this project's own
frames get variables, as shapes (`str[24]`), and source lines. Both cost as much as the rest of a capture.
"""

import linecache
import os
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from .scrubbing import shape_of

_MAX_VARIABLES = 25
_CONTEXT_LINES = 5
_LONGEST_VALUE = 500


class FrameEnricher:
    """An event processor. `project_root`: frames of files below it, outside of any environment, are in-app.

    `values`: show what variables hold, for development.
    """

    def __init__(self, project_root: str, values: bool = False) -> None:
        self.show = _shown if values else shape_of
        self.prefix = project_root.rstrip("/") + "/"

    def __call__(self, event: Any, hint: Any) -> Any:
        """Mark each frame of the event's exceptions as in-app or not; add shapes and source lines to the former."""
        exc_info = hint.get("exc_info")
        for exception in event.get("exception", {}).get("values", ()):
            for frame in _frames(exception):
                frame["in_app"] = self.is_in_app(frame)
        if exc_info and isinstance(exc_info[1], BaseException):
            self._add_context(event, exc_info[1])
        return event

    def is_in_app(self, frame: dict[str, Any]) -> bool:
        """Whether a frame is this project's own code."""
        path = str(frame.get("abs_path", ""))
        inside = path.startswith(self.prefix) and "site-packages" not in path and "dist-packages" not in path
        return inside and not path.startswith((self.prefix + ".venv/", self.prefix + ".local/"))

    def _add_context(self, event: dict[str, Any], error: BaseException) -> None:
        live = {_key(traceback): traceback for link in _chain(error) for traceback in _tracebacks(link)}
        for exception in event.get("exception", {}).get("values", ()):
            for frame in _frames(exception):
                place = (str(frame.get("abs_path")), str(frame.get("function")), int(frame.get("lineno") or 0))
                traceback = live.get(place)
                if frame["in_app"] and traceback is not None:
                    frame["vars"] = _variables(traceback, self.show)
                    frame.update(_source(str(frame["abs_path"]), traceback.tb_lineno))


def _frames(exception: Any) -> list[dict[str, Any]]:
    stacktrace = exception.get("stacktrace") if isinstance(exception, dict) else None
    return stacktrace.get("frames", []) if isinstance(stacktrace, dict) else []


def _key(traceback: TracebackType) -> tuple[str, str, int]:
    code = traceback.tb_frame.f_code
    return os.path.abspath(code.co_filename), code.co_name, traceback.tb_lineno  # noqa: PTH100 - as the SDK does


def _chain(error: BaseException) -> Iterator[BaseException]:
    pending, seen = [error], set[int]()
    while pending:
        link = pending.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        pending += [e for e in (link.__cause__, link.__context__) if e is not None]
        pending += link.exceptions if isinstance(link, BaseExceptionGroup) else ()


def _tracebacks(error: BaseException) -> Iterator[TracebackType]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _variables(traceback: TracebackType, show: Callable[[object], Any]) -> dict[str, Any]:
    variables = list(traceback.tb_frame.f_locals.items())[:_MAX_VARIABLES]
    return {name: show(value) for name, value in variables}


def _shown(value: object) -> Any:
    try:
        return repr(value)[:_LONGEST_VALUE]
    except Exception:  # noqa: BLE001 - somebody's __repr__ must not cost the event
        return shape_of(value)


def _source(path: str, lineno: int) -> dict[str, Any]:
    lines = linecache.getlines(path)
    if not 0 < lineno <= len(lines):
        return {}
    index = lineno - 1
    first = max(0, index - _CONTEXT_LINES)
    shown = [line.rstrip("\n") for line in lines[first : index + 1 + _CONTEXT_LINES]]
    at = index - first
    return {"pre_context": shown[:at], "context_line": shown[at], "post_context": shown[at + 1 :]}

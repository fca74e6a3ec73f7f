"""Exceptions with their stack: what is ours with source, what is a library's in a line."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..trackers.base import Event, Frame, Raised
from .lines import Line, multi

_AROUND = 2  # lines of source before and behind
_FEW = 2  # frames of libraries in a row that are shown one by one


def stack(event: Event) -> Iterator[Line]:
    """Yield the lines, the cause first and the innermost call last, as Python shows them."""
    for number, raised in enumerate(event.raised):
        if number:
            yield Line("")
        yield from _raised(raised)


def _raised(raised: Raised) -> Iterator[Line]:
    for in_app, group in groupby(raised.frames, key=lambda frame: frame.in_app):
        frames = list(group)
        if not in_app and len(frames) > _FEW:
            yield Line(f"  … {len(frames)} frames of {', '.join(_packages(frames))}", "dim")
            continue
        for frame in frames:
            yield from _frame(frame)
    yield from multi(f"{raised.type}: {raised.value}" if raised.value else raised.type, "bold red")


def _packages(frames: Sequence[Frame]) -> list[str]:
    return list(dict.fromkeys((frame.module or frame.filename).split(".")[0] or "others" for frame in frames))


def _frame(frame: Frame) -> Iterator[Line]:
    line = "" if frame.line is None else f":{frame.line}"
    yield Line(f"  {frame.filename or frame.module}{line} in {frame.function}", "bold cyan" if frame.in_app else "dim")
    for number, source in frame.source if frame.in_app else ():
        if frame.line is None or abs(number - frame.line) <= _AROUND:
            here = number == frame.line
            yield Line(f"  {'>' if here else ' '} {number:>5}  {source.expandtabs(4)}", "bold" if here else "")

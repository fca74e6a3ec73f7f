"""How fast: all candidates take turns on the same input, so that the machine's moods hit all alike.

CPU time of this process: what else the machine does meanwhile does not count.
"""

import copy
import gc
import json
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from statistics import median, quantiles
from time import process_time
from typing import Any

from . import quality, stream
from .candidate import Candidate
from .events import Events, with_unique_texts

ROUNDS = 7
# Who needs longer than these seconds is asked twice only.
PATIENCE = 10
# Of the corpus' texts every n-th: the slowest candidate would take minutes for all.
EVERY = 8
Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Workload:
    """Work to do: `prepared` makes a fresh input for a round, `work` is what is timed, `size` is in bytes."""

    name: str
    size: int
    prepared: Callable[[], list[Any]]
    work: Callable[[Candidate, list[Any]], None]


@dataclass(frozen=True, slots=True)
class Speed:
    """MB/s: the median over the rounds and the quartiles; the median ratio to another candidate, round by round."""

    median: float
    low: float
    high: float
    ratio: float


def workloads(events: Events, streamed: Events) -> list[Workload]:
    """Return six: a stream and events seen before, both also as data that all look at; new events; the corpus.

    A round of the stream begins with nothing seen; events seen before have nothing new, new events nothing old.
    """
    texts = quality.texts()[::EVERY]
    size, length = len(json.dumps(events)), len(json.dumps(streamed))
    marks = ("".join(letters) for letters in product(string.ascii_lowercase, repeat=5))
    return [
        Workload("stream", length, lambda: _anew(copy.deepcopy(streamed)), _scrub_events),
        Workload("stream as extra", length, lambda: _anew(_as_extra(streamed)), _scrub_events),
        Workload("events, warm", size, lambda: copy.deepcopy(events), _scrub_events),
        Workload("all as extra, warm", size, lambda: _as_extra(events), _scrub_events),
        Workload("events, cold", size, lambda: _unique(events, marks), _scrub_events),
        Workload("corpus, cold", sum(len(text.encode()) for text in texts), lambda: _new(texts, marks), _scrub_texts),
    ]


def _as_extra(events: Events) -> Events:
    return [{"extra": copy.deepcopy(event)} for event in events]


def _anew(events: Events) -> Events:
    stream.forget()
    return events


def _unique(events: Events, marks: Iterator[str]) -> Events:
    return [with_unique_texts(event, mark) for event, mark in zip(events, marks, strict=False)]


def _new(texts: list[str], marks: Iterator[str]) -> list[str]:
    mark = next(marks)
    return [f"{text} {mark}" for text in texts]


def measure(workload: Workload, candidates: list[Candidate], against: str) -> dict[str, Speed]:
    """Return each candidate's speed on a workload."""
    times: Times = {candidate.name: [] for candidate in candidates}
    for number in range(ROUNDS):
        for candidate in candidates:
            if number < 2 or times[candidate.name][0] < PATIENCE:
                times[candidate.name].append(_time(workload, candidate))
    return {name: _speed(workload.size, own, times[against]) for name, own in times.items()}


def _time(workload: Workload, candidate: Candidate) -> float:
    given = workload.prepared()
    gc.collect()
    started = process_time()
    workload.work(candidate, given)
    return process_time() - started


def _speed(size: int, own: list[float], other: list[float]) -> Speed:
    rates = sorted(size / seconds / 1e6 for seconds in own)
    low, _, high = quantiles(rates, n=4)
    return Speed(median(rates), low, high, median(b / a for a, b in zip(own, other, strict=False)))


def _scrub_events(candidate: Candidate, events: list[Any]) -> None:
    for event in events:
        candidate.event(event)


def _scrub_texts(candidate: Candidate, texts: list[Any]) -> None:
    for text in texts:
        candidate.text(text)

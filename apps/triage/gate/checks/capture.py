"""What the catalogue's test errors show: that errors arrive, whole and once, and that nothing personal does."""

import json
from collections.abc import Iterator, Sequence

from apps.error_tracking.sampling import make_sampler
from apps.triage.catalogue.canaries import found_in
from apps.triage.firing import Outcome
from apps.triage.words import counted

from ..fired import Fired, on_the_wire
from ..item import Finding, failed, held
from ..scope import Scope

ERRORS, TRACES = 1.0, 0.1
_ORDINARY = {"wsgi_environ": {"PATH_INFO": "/api/"}}


def arrive(scope: Scope) -> Finding:
    """Each test error of ours is on the tracker, once."""
    fired = scope.fired()
    expected = fired.expected()
    if problems := _problems(expected):
        return failed(problems)
    name = scope.tracker().name
    return held(f"{len(expected)} test errors of as many kinds were fired; {name} has each of them once.")


def stay_away(scope: Scope) -> Finding:
    """Of errors that are the caller's fault nothing arrives."""
    fired = scope.fired()
    theirs = [outcome for outcome in fired.outcomes if not outcome.case.event and outcome.case.status >= 400]
    if problems := _problems(theirs):
        return failed(problems)
    return held(f"{counted(len(theirs), 'request')} failed by the caller's fault; none of them is on the tracker.")


def carry(scope: Scope) -> Finding:
    """What arrived says which request, which release and which environment it was."""
    fired = scope.fired()
    if missing := [outcome.case.name for outcome in fired.expected() if outcome.request_id not in fired.stored]:
        return failed(f"The tracker has no event with the request ID of {', '.join(missing)}.")
    wanted = {"release": scope.config.release or "a release", "environment": scope.config.environment}
    for what, value in wanted.items():
        for event in fired.stored.values():
            if getattr(event, what) != value:
                return failed(f"Event {event.event_id} has the {what} {getattr(event, what)!r} in place of {value!r}.")
    said = ", ".join(f"{what} {value}" for what, value in wanted.items())
    return held(f"{counted(len(fired.stored), 'event')} on the tracker, each with its request ID, {said}.")


def scrubbed(scope: Scope) -> Finding:
    """No canary is in what left, on the wire, or on the tracker."""
    wire = on_the_wire(scope.config)
    fired = scope.fired()
    if wire.events != wire.expected:
        return failed(f"{wire.events} of {wire.expected} test errors were on the wire: too few to look at.")
    if found := sorted({*wire.found, *_canaries(fired)}):
        return failed(f"Personal data left: {counted(len(found), 'kind')} of canaries ({', '.join(found)}).")
    kinds = len(fired.canaries.values())
    return held(
        f"None of {kinds} kinds of canaries is in {wire.size:,} bytes on the wire "
        f"or in {counted(len(fired.stored), 'event')} on the tracker."
    )


def rates(scope: Scope) -> Finding:
    """All errors and a tenth of the traces are sent."""
    config = scope.config
    ordinary = make_sampler(config.traces_sample_rate, config.trace_rates)(_ORDINARY)
    said = f"errors {config.sample_rate:.0%}, requests {ordinary:.0%}"
    if (config.sample_rate, ordinary) != (ERRORS, TRACES):
        return failed(f"Sampled are {said} in place of errors {ERRORS:.0%}, requests {TRACES:.0%}.")
    return held(f"Sampled are {said}.")


def _problems(outcomes: Sequence[Outcome]) -> str:
    found = [f"{outcome.case.name}: {problem}" for outcome in outcomes for problem in outcome.problems]
    more = f" And {len(found) - 3} more; sentry_test --verify shows them." if len(found) > 3 else ""
    return "; ".join(found[:3]) + "." + more if found else ""


def _canaries(fired: Fired) -> Iterator[str]:
    for outcome in fired.outcomes:
        for item in outcome.left:
            yield from found_in(json.dumps(item.payload, ensure_ascii=False), fired.canaries)
    for event in fired.stored.values():
        yield from found_in(json.dumps(dict(event.data), ensure_ascii=False, default=str), fired.canaries)

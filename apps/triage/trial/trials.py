"""What has to happen so that each rule fires, and for each priority that somebody hears of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from apps.triage.alerts.coverage import Coverage, Evaluator
from apps.triage.alerts.rules import Rule

MOST_EVENTS = 500  # that one trial sends


@dataclass(frozen=True, slots=True)
class Trial:
    """`rule` as it is tried: in `environment`, though it may be about others (`elsewhere`).

    `priority` is that of the errors, `mark` the tag by which the watch knows their issue. `problem` says why it
    cannot be tried.
    """

    rule: Rule
    priority: str
    to: tuple[str, ...]
    by: Evaluator
    environment: str
    elsewhere: bool
    mark: str
    problem: str = ""

    @property
    def events(self) -> int:
        """How many errors it takes."""
        return 1 if self.problem else needed(self.rule)

    @property
    def users(self) -> int:
        """How many people they must happen to."""
        return self.rule.users + 1 if self.rule.on == "users" else 1


def trials(covered: Sequence[Coverage], environment: str, run: str, per_minute: int) -> Iterator[Trial]:
    """Yield a trial for each rule and priority that somebody hears of.

    `per_minute` is how many errors of one kind the application sends, 0: any number.
    """
    for number, one in enumerate(covered):
        if not one.route.to:
            continue
        elsewhere = bool(one.rule.environments) and environment not in one.rule.environments
        missing = one.why if one.by == "nobody" else ""
        yield Trial(
            rule=replace(one.evaluated, environments=(environment,)) if elsewhere else one.evaluated,
            priority=one.priority or "P1",
            to=one.route.to,
            by=one.by,
            environment=environment,
            elsewhere=elsewhere,
            mark=f"{run}-{number}",
            problem=missing or _out_of_reach(one.rule, per_minute),
        )


def needed(rule: Rule) -> int:
    """Return how many errors make a rule fire."""
    return max(rule.events, rule.users) + 1


def _out_of_reach(rule: Rule, per_minute: int) -> str:
    if rule.on == "spike" and per_minute and rule.events >= per_minute * rule.minutes:
        return (
            f"it never fires: the application sends {per_minute} errors of one kind a minute at most "
            "(ERROR_TRACKING's ERRORS_PER_MINUTE)"
        )
    too_many = needed(rule) > MOST_EVENTS
    return f"it takes {needed(rule):,} errors, and a trial sends {MOST_EVENTS} at most" if too_many else ""

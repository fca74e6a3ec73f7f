"""Score any scrubber on the corpus: what it catches, what it keeps, where it is wrong.

result = evaluate(scrub_string, scrub_map)
print(result.recall, result.with_context, result.kept, result)
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import Case, harmless, leaks

_SHOWN_CHARACTERS = 240


@dataclass(frozen=True)
class Miss:
    """One case that a scrubber got wrong, and what it made of it."""

    case: Case
    output: Any

    def __str__(self) -> str:
        given, made = (str(value).replace("\n", "⏎")[:_SHOWN_CHARACTERS] for value in (self.case.given, self.output))
        return f"{self.case.category} ({self.case.origin})\n    in:  {given}\n    out: {made}"


@dataclass(frozen=True)
class Result:
    """What one scrubber scored. The three lists are disjoint; the three rates are between 0 and 1."""

    leaks: int
    harmless: int
    misses: tuple[Miss, ...] = field(repr=False)  # a secret, or a part of it, is still there
    without_context: tuple[Miss, ...] = field(repr=False)  # the secret is gone, and so is something around it
    mangled: tuple[Miss, ...] = field(repr=False)  # harmless, and changed

    @property
    def recall(self) -> float:
        """The share of leaks that were caught."""
        return 1 - len(self.misses) / self.leaks

    @property
    def with_context(self) -> float:
        """The share of leaks that were caught with everything around them left in place."""
        return 1 - (len(self.misses) + len(self.without_context)) / self.leaks

    @property
    def kept(self) -> float:
        """The share of harmless cases that came out byte for byte as they went in."""
        return 1 - len(self.mangled) / self.harmless

    def __str__(self) -> str:
        scores = f"caught {self.recall:.2%}, with context {self.with_context:.2%}, harmless kept {self.kept:.2%}"
        return f"{scores} ({self.leaks} leaks, {self.harmless} harmless)"


def evaluate(
    scrub_text: Callable[[str], Any],
    scrub_mapping: Callable[[Mapping[str, Any]], Any],
    *,
    bad: Iterable[Case] | None = None,
    good: Iterable[Case] | None = None,
) -> Result:
    """Run a scrubber over the corpus, or over the cases given: `bad` holds secrets, `good` is harmless.

    Texts go to `scrub_text`, mappings to `scrub_mapping`, anything else to it as the value of a key "v".
    """
    bad = leaks() if bad is None else list(bad)
    good = harmless() if good is None else list(good)

    def made(case: Case) -> Miss:
        return Miss(case, _scrubbed(case.given, scrub_text, scrub_mapping))

    made_of_bad, made_of_good = [made(case) for case in bad], [made(case) for case in good]
    return Result(
        leaks=len(bad),
        harmless=len(good),
        misses=tuple(miss for miss in made_of_bad if not miss.case.caught(miss.output)),
        without_context=tuple(
            miss for miss in made_of_bad if miss.case.caught(miss.output) and not miss.case.kept(miss.output)
        ),
        mangled=tuple(miss for miss in made_of_good if miss.output != miss.case.given),
    )


def listed(misses: Iterable[Miss], at_most: int = 40) -> str:
    """The wrong cases for people: how many of each category, then the first of them."""
    every = list(misses)
    counts = Counter(miss.case.category for miss in every).most_common()
    by_category = ", ".join(f"{category} {count}" for category, count in counts)
    return "\n".join([f"{len(every)} wrong: {by_category}", *(str(miss) for miss in every[:at_most])])


def _scrubbed(given: Any, scrub_text: Callable[[str], Any], scrub_mapping: Callable[[Mapping[str, Any]], Any]) -> Any:
    if isinstance(given, str):
        return scrub_text(given)
    return scrub_mapping(given) if isinstance(given, Mapping) else scrub_mapping({"v": given})["v"]

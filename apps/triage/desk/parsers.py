"""What can be typed behind `sentry_triage`."""

import argparse
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

from ..query import PRIORITIES, QueryError, age
from ..rows import MOST_ASKED, Costly, Order

_WATCH = 30  # seconds


def add_subcommands(parser: ArgumentParser) -> None:
    """Define the subcommands with their options; the name of the one that was typed is in `subcommand`."""
    commands = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")

    def add(name: str, text: str) -> ArgumentParser:
        made: ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.add_argument("--json", action="store_true", help="one JSON document in place of text")
        return made

    _reading(add)
    _changing(add)


def _reading(add: Callable[[str, str], ArgumentParser]) -> None:
    listing = add("list", "Lists issues.")
    listing.add_argument("query", nargs="*", metavar="QUERY", help="which (is:unresolved)")
    orders = (*get_args(Order), *get_args(Costly))
    listing.add_argument("--sort", choices=orders, default="last_seen", help="what stands first (last_seen)")
    text = f"with --sort users or priority: ask about every issue, not {MOST_ASKED}, however many requests it takes"
    listing.add_argument("--count-all", action="store_true", help=text)
    listing.add_argument("--limit", type=_positive, default=50, metavar="N", help="show N at most (50)")
    text = f"look again every so many seconds ({_WATCH}) until Ctrl-C; what is new is marked"
    listing.add_argument("--watch", nargs="?", type=_positive, const=_WATCH, metavar="SECONDS", help=text)
    show = add("show", "Shows an issue and one of its events.")
    show.add_argument("issue", metavar="ISSUE|EVENT-ID|REQUEST-ID")
    show.add_argument("--event", metavar="ID", help="this event of the issue (the newest)")
    show.add_argument("--raw", action="store_true", help="the event as the tracker keeps it, as JSON")
    digest = add("digest", "Shows what a person needs in the morning.")
    digest.add_argument("--since", type=_age, default="24h", metavar="AGE", help="how far back: 30m, 24h, 7d (24h)")
    digest.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="(text)")


def _changing(add: Callable[[str, str], ArgumentParser]) -> None:
    resolve = _bulk(add("resolve", "Resolves issues."))
    way = resolve.add_mutually_exclusive_group()
    way.add_argument("--in-release", type=_word, metavar="R", help="with this release")
    way.add_argument("--next-release", action="store_true", help="with the next release")
    way.add_argument("--commit", type=_word, metavar="SHA", help="with this commit")
    ignore = _bulk(add("ignore", "Ignores issues."))
    span = ignore.add_mutually_exclusive_group()
    span.add_argument("--for", dest="span", type=_age, metavar="AGE", help="for so long: 30m, 24h, 7d")
    span.add_argument("--until", type=_positive, metavar="N", help="until seen N times more")
    _bulk(add("reopen", "Makes issues unresolved again."))
    assign = _bulk(add("assign", "Assigns issues."))
    assign.add_argument("who", type=_word, metavar="WHO", help="an e-mail address, or nobody")
    priority = add("priority", "Sets the priority of issues.")
    text = f"one of {', '.join(PRIORITIES)}, and issue, event or request IDs, in any order"
    _bulk(priority, nargs="+", action=_PriorityAndIssues, metavar="PRIORITY|ISSUE", help=text)
    comment = _bulk(add("comment", "Comments on issues."))
    comment.add_argument("text", metavar="TEXT", help="or - for standard input; personal data in it is replaced")
    _bulk(add("merge", "Makes one issue of several."))
    _bulk(add("delete", "Deletes issues with all their events."))


class _PriorityAndIssues(argparse.Action):
    """Tells the priority from the issues, wherever it stands."""

    def __call__(
        self, parser: ArgumentParser, namespace: argparse.Namespace, values: Any, option: object = None
    ) -> None:
        chosen = [word for word in values if word in PRIORITIES]
        if len(chosen) != 1:
            parser.error(f"name one of {', '.join(PRIORITIES)}")
        namespace.priority, namespace.issues = chosen[0], [word for word in values if word not in PRIORITIES]


def _bulk(parser: ArgumentParser, **issues: Any) -> ArgumentParser:
    usual = {"nargs": "*", "metavar": "ISSUE", "help": "issue, event or request IDs"}
    parser.add_argument("issues", **(usual | issues))
    parser.add_argument("--query", metavar="QUERY", help="every issue that this finds, in place of ISSUE")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _positive(text: str) -> int:
    return _checked(text, text.isdecimal() and 0 < int(text) <= 10**9, int, "is no whole number above 0")


def _word(text: str) -> str:
    return _checked(text, bool(text) and len(text) <= 200 and not set(" \t\r\n") & set(text), str, "is not one word")


def _age(text: str) -> timedelta:
    try:
        return age(text)
    except QueryError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _checked[T](text: str, good: bool, read: Callable[[str], T], sentence: str) -> T:
    if not good:
        raise argparse.ArgumentTypeError(f"{text!r} {sentence}")
    return read(text)

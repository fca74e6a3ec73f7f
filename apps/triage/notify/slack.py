"""Slack's incoming webhooks, and whatever takes the same (Mattermost, Rocket.Chat).

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .message import Message, subject, text
from .posting import post

# https://docs.slack.dev/reference/block-kit/blocks : characters of a header, of a text; blocks of a message.
HEADER, _TEXT, _BLOCKS = 150, 3000, 50
_TO_ALL = re.compile(r"@(?=(?:all|channel|everyone|here)\b)", re.IGNORECASE)
_BESIDE = ("Issue", "Events", "Users", "First seen", "Release", "Level", "Where")


@dataclass(frozen=True, slots=True)
class Slack:
    """`url` is the webhook, whose path is the secret."""

    url: str = field(repr=False)
    gathers: bool = True

    def send(self, messages: Sequence[Message]) -> None:
        """Send one message about all of them. Raises Undelivered."""
        blocks = [block for message in messages for block in _blocks(message)][:_BLOCKS]
        # The text is for a notification's preview, and for what shows no blocks.
        said = f"{subject(messages)}\n\n{text(messages)}" if len(messages) > 1 else text(messages)
        post("Slack", self.url, {"text": _escaped(said)[:_TEXT], "blocks": blocks}, self.url)


def _blocks(message: Message) -> list[dict[str, Any]]:
    facts = dict(message.facts())
    beside = [_marked(f"*{name}*\n{_escaped(facts[name])}") for name in _BESIDE if name in facts]
    last = [f"*{name}* {_escaped(facts[name])}" for name in ("Runbook", "Note") if name in facts]
    link = f"*<{_escaped(message.url)}|Open {_escaped(message.short_id)}>*"
    return [
        {"type": "header", "text": {"type": "plain_text", "text": _calling_nobody(message.headline)[:HEADER]}},
        {"type": "section", "text": _marked(_escaped(facts["Why"])), "fields": beside},
        {"type": "section", "text": _marked("\n".join([link, *last]))},
    ]


def _marked(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text[:2000]}


def _escaped(text: str) -> str:
    """Return text in which nothing is a command: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return _calling_nobody(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _calling_nobody(text: str) -> str:
    # https://docs.mattermost.com/end-user-guide/collaborate/mention-people.html : a bare @all calls everybody there.
    return _TO_ALL.sub("@\u200b", text)

"""A server on loopback that gives prepared answers and keeps what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat

from tests.triage.http_double import JSON, Asked, HttpDouble, Reply, serving


@dataclass(frozen=True, slots=True)
class Answer:
    """`echo` puts the request's Authorization header into the body; `endless` repeats the body until nobody reads.

    With a `head`, that alone is answered, byte for byte, and then `more` until nobody reads.
    """

    status: int = 200
    body: str | bytes = "{}"
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    echo: bool = False
    endless: bool = False
    head: bytes = b""
    more: bytes = b""


class Server(HttpDouble):
    """Gives `answers` one after the other, the last one again and again; `asked` are method, target and token."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, str]] = []

    def respond(self, asked: Asked) -> Reply:
        """Give the next answer."""
        authorization = asked.headers.get("Authorization", "")
        self.asked.append((asked.method, asked.target, authorization))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.head:
            return Reply(0, raw=chain([answer.head], repeat(answer.more)))
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        body += authorization.encode() * answer.echo
        return Reply(answer.status, repeat(body) if answer.endless else body, answer.content_type, answer.headers)


@contextmanager
def answering() -> Iterator[Server]:
    """Run such a server."""
    with serving(Server()) as server:
        yield server

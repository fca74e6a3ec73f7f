"""People who use the service: the same requests each time, because everything random in them comes from one seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E{0}",
    "goimg-cli/1.{0}",
    "python-httpx/0.{0}.2",
)
_WORDS = "harbour winter portrait mountain dog street lights festival old town river glass market night sea".split()
_NAMES = "ada grace linus barbara ken dennis radia tim guido margaret".split()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: its method, its path, and the keyword arguments of httpx.Client.request."""

    method: str
    path: str
    sends: dict[str, Any] = field(default_factory=dict)


def visits(images: list[UUID], tokens: list[str], count: int, seed: int) -> Iterator[Visit]:
    """Yield as many requests to service.py as asked for, a third of them to what fails."""
    random = Random(seed)  # noqa: S311 - the same each time is what it is for
    people = [_Person(random, number, random.choice(["", *tokens])) for number in range(count // 6 + 1)]
    for _ in range(count):
        yield random.choice(people).visit(random.choice(images))


class _Person:
    """Somebody with a browser, an address and a session."""

    def __init__(self, random: Random, number: int, token: str) -> None:
        self.random = random
        self.name = f"{random.choice(_NAMES)}{number}"
        self.headers = {
            "User-Agent": random.choice(_AGENTS).format(random.randint(100, 148)),
            "X-Forwarded-For": ".".join(str(random.randint(1, 254)) for _ in range(4)),
            "Accept-Language": random.choice(("en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.6", "fr;q=0.8")),
            "Cookie": f"sessionid={random.getrandbits(128):032x}; theme={random.choice(('dark', 'light'))}",
        }
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def visit(self, image: UUID) -> Visit:
        """Return one request of this person, with a query string, a body and a request ID of its own."""
        method, path, sends = self.random.choice((*self._reads(image), *self._reads(image), *self._failures(image)))
        request_id = str(UUID(int=self.random.getrandbits(128)))
        return Visit(method, path, {**sends, "headers": {**self.headers, "X-Request-ID": request_id}})

    def _reads(self, image: UUID) -> list[tuple[str, str, dict[str, Any]]]:
        word, number = self.random.choice(_WORDS), self.random.randint(1, 40)
        return [
            ("GET", f"/api/v1/images?page=1&per_page={number}&tag={word}", {}),
            ("GET", f"/api/v1/images?search={word}+{self.random.choice(_WORDS)}&sort=newest", {}),
            ("GET", f"/api/v1/images/{image}", {}),
            ("GET", f"/api/v1/images/{image}/variants/small", {}),
            ("GET", f"/api/v1/users/{UUID(int=self.random.getrandbits(128))}", {}),
            ("POST", "/api/v1/auth/login", {"json": {"email": f"{self.name}@example.com", "password": word * 3}}),
            ("GET", f"/api/v1/{word}/{number}", {}),
            ("GET", "/api/v1/health/ready", {}),
        ]

    def _failures(self, image: UUID) -> list[tuple[str, str, dict[str, Any]]]:
        number, word = self.random.randint(1, 10**6), self.random.choice(_WORDS)
        person = {"email": f"{word}.{number}@example.com", "username": f"{word}-{number}", "by": self.name}
        return [
            ("GET", f"/shop/orders/{number}?size={word}&copies={number % 7}", {}),
            ("GET", f"/shop/prints/{image}?queue={number % 50}", {}),
            ("GET", f"/shop/archive/{UUID(int=self.random.getrandbits(128))}", {}),
            ("GET", f"/shop/resized/{image}?width={number % 4000}&height={word}", {}),
            ("GET", f"/shop/statistics?since=2026-{number % 12 + 1:02}-{number % 28 + 1:02}", {}),
            ("POST", "/shop/invitations", {"data": person}),
            ("POST", "/shop/hooks/printer", {"content": f'{{"event": "printed", "job": {number}'.encode()}),
            ("GET", f"/shop/nightly?run={self.random.getrandbits(48):012x}&rows={number}", {}),
        ]

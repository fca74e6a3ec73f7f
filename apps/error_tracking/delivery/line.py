"""More requests over a connection that urllib3 opened, checked and used once.

All that urllib3 does for any request costs several times what one more of the same kind needs: the same head, but for
the length, and of the answer its status and a few headers.
"""

import re
from contextlib import suppress
from typing import Any, Self

import urllib3

_LENGTH = re.compile(rb"(?<=\r\nContent-Length: )\d+(?=\r\n)")
_END = re.compile(rb"\r?\n\r?\n")  # of an answer's head
_LONGEST = 1 << 16  # bytes of an answer that are read
_STATUS = re.compile(r"HTTP/1\.(?P<minor>\d) (?P<status>\d{3})\b")


class Line:
    """An open connection, and what stands before and behind the length in the head of each request over it."""

    def __init__(self, connection: Any, before: bytes, behind: bytes) -> None:
        self._connection = connection
        self._before, self._behind = before, behind

    @classmethod
    def after(cls, connection: Any, head: bytes, answer: urllib3.BaseHTTPResponse, seconds: float) -> Self | None:
        """Return the line that a request with this head went over; None where the answer is not of the usual form.

        `seconds`: how long each part of an answer may take.
        """
        parts = _LENGTH.split(head)
        usual = len(parts) == 2 and answer.version == 11 and _length(answer.headers) is not None
        if not usual or connection.sock is None:
            return None
        connection.sock.settimeout(seconds)  # urllib3 left what connecting did not take
        return cls(connection, parts[0], parts[1])

    @property
    def is_open(self) -> bool:
        """Whether the tracker has not hung up, nor said anything unasked."""
        return bool(self._connection.is_connected)

    def ask(self, body: bytes) -> "Answered":
        """Send one more body; raises OSError or ValueError, and hangs up, if no answer comes that can be understood."""
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before it hung up
                self._connection.sock.sendall(b"%b%d%b%b" % (self._before, len(body), self._behind, body))
            return Answered(self._connection)
        except BaseException:
            self._connection.close()
            raise


class Answered:
    """The answer to one request: as much of urllib3's response as is needed."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._data = b""
        minor, self.status, self.headers = self._head()
        while 100 <= self.status < 200:  # https://www.rfc-editor.org/rfc/rfc9110#section-15.2 : the answer is to come
            minor, self.status, self.headers = self._head()
        length = _length(self.headers)
        stays = minor != "0" and "close" not in self.headers.get("Connection", "").lower()
        self._missing = length - len(self._data) if stays and length is not None else None

    def _head(self) -> tuple[str, int, urllib3.HTTPHeaderDict]:
        while not (end := _END.search(self._data)):
            self._receive()
        lines, self._data = self._data[: end.start()].decode("latin-1").split("\n"), self._data[end.end() :]
        first = _STATUS.match(lines[0])
        if not first:
            raise ValueError("No answer in HTTP/1")
        headers = urllib3.HTTPHeaderDict()
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers.add(name, value.strip())
        return first["minor"], int(first["status"]), headers

    def _receive(self) -> None:
        piece = self._connection.sock.recv(_LONGEST)
        if not piece:
            raise ConnectionError("The tracker hung up")
        self._data += piece
        if len(self._data) > _LONGEST:
            raise ValueError("The answer is too long")

    def read(self, most: int) -> None:
        """Read the rest of the answer, so that the connection can be used again."""
        while self._missing and 0 < self._missing <= most:
            before = len(self._data)
            self._receive()
            self._missing -= len(self._data) - before

    def close(self) -> None:
        """Hang up, unless nothing of the answer is left."""
        if self._missing != 0:
            self._connection.close()


def _length(headers: urllib3.HTTPHeaderDict) -> int | None:
    """Return how long the answer's text is, if that is said plainly."""
    length = headers.get("Content-Length", "")
    plain = length.isascii() and length.isdigit() and "Transfer-Encoding" not in headers
    return int(length) if plain and len(length) < 10 else None

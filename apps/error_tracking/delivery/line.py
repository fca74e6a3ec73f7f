"""More requests over a connection that urllib3 opened, checked and used once.

All that urllib3 does for any request costs several times what one more of the same kind needs: the same head, but for
the length, and of the answer its status and a few headers.
"""

import re
import socket
import weakref
from contextlib import suppress
from typing import Any, Self

import urllib3
from urllib3.util import wait_for_read

_LENGTH = re.compile(rb"(?<=\r\nContent-Length: )\d+(?=\r\n)")
_END = re.compile(rb"\r?\n\r?\n")  # of an answer's head
_LONGEST = 1 << 16  # bytes of an answer that are read
_STATUS = re.compile(r"HTTP/1\.(?P<minor>\d) (?P<status>\d{3})\b")


class Line:
    """An open connection, and what stands before and behind the length in the head of each request over it."""

    def __init__(self, sock: socket.socket, before: bytes, behind: bytes) -> None:
        self.sock = sock
        self._before, self._behind = before, behind
        # Not when the process ends, as urllib3 closes what it has: what is being sent then would be sent twice.
        weakref.finalize(self, sock.close).atexit = False

    @classmethod
    def after(cls, connection: Any, head: bytes, answer: urllib3.BaseHTTPResponse, seconds: float) -> Self | None:
        """Return the line that a request with this head went over; None where the answer is not of the usual form.

        `answer` was read. `seconds`: how long each part of the next one may take.
        """
        parts = _LENGTH.split(head)
        usual = len(parts) == 2 and answer.version == 11 and _length(answer.headers) is not None
        if not usual or connection.sock is None:
            return None
        sock, connection.sock = connection.sock, None
        sock.settimeout(seconds)  # urllib3 left what connecting did not take
        return cls(sock, parts[0], parts[1])

    @property
    def is_open(self) -> bool:
        """Whether the tracker has not hung up, nor said anything unasked."""
        return self.sock.fileno() >= 0 and not wait_for_read(self.sock, timeout=0)

    def ask(self, body: bytes) -> "Answered":
        """Send one more body; raises OSError or ValueError, and hangs up, if no answer comes that can be understood."""
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before it hung up
                self.sock.sendall(b"%b%d%b%b" % (self._before, len(body), self._behind, body))
            return Answered(self.sock)
        except BaseException:
            self.sock.close()
            raise


class Answered:
    """The answer to one request: as much of urllib3's response as is needed."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
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
        piece = self._sock.recv(_LONGEST)
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
            self._sock.close()


def _length(headers: urllib3.HTTPHeaderDict) -> int | None:
    """Return how long the answer's text is, if that is said plainly."""
    length = headers.get("Content-Length", "")
    plain = length.isascii() and length.isdigit() and "Transfer-Encoding" not in headers
    return int(length) if plain and len(length) < 10 else None

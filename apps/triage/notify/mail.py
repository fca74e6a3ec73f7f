"""E-mail over SMTP, encrypted wherever the server is not on this machine."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from io import BufferedReader
from socket import socket
from typing import Any

from apps.triage.plain import one_line

from .errors import Undelivered
from .line import Line, bounded
from .message import Message, subject, text

TIMEOUT = 15.0  # seconds, for each answer
MAX_ANSWER = 64 * 1024  # bytes of one, however many lines it has; smtplib limits a line only


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`security` is "tls" (from the first byte), "starttls" (before anything is said) or "none"."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str


class _EndlessError(Exception):
    """An answer is longer than any mail server's. No OSError: smtplib would take that for the end of the connection."""


class _Answers:
    """What is read from a server, line by line; `left` is how many bytes the answer may still have."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream, self.close, self.left = stream, stream.close, 0

    def readline(self, most: int) -> bytes:
        line = self._stream.readline(most)
        self.left -= len(line)
        if self.left < 0:
            raise _EndlessError
        return line


class _Plain(smtplib.SMTP):
    """A connection that can be cut before its constructor, which reads the greeting, comes to its end."""

    sock: socket

    def __init__(self, line: Line, *place: Any, **options: Any) -> None:
        line.find = lambda: self.sock
        super().__init__(*place, **options)

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer. Raises _EndlessError."""
        self.file = self.file or _Answers(self.sock.makefile("rb"))
        self.file.left = MAX_ANSWER
        try:
            return super().getreply()
        except _EndlessError:
            self.close()
            raise


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Messages to some addresses through one server."""

    server: Server
    to: tuple[str, ...]
    gathers: bool = True

    def send(self, messages: Sequence[Message]) -> None:
        """Send one e-mail about all of them. Raises Undelivered."""
        with bounded() as line:
            try:
                with closing(self._connection(line)) as smtp:
                    refused = _hand_over(smtp, self._mail(messages))
            except (OSError, smtplib.SMTPException, UnicodeError, _EndlessError) as error:
                broke = isinstance(error, smtplib.SMTPServerDisconnected | _EndlessError)
                raise Undelivered(f"the mail server {self.server.host} {_reason(error, line)}", unsure=broke) from None
        if refused:
            said = f"the mail server {self.server.host} refused {len(refused)} of {len(self.to)} addresses"
            raise Undelivered(said, partly=True)

    def _connection(self, line: Line) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = _Encrypted(line, server.host, server.port, timeout=TIMEOUT, context=context)
        else:
            smtp = _Plain(line, server.host, server.port, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _mail(self, messages: Sequence[Message]) -> EmailMessage:
        mail, place = EmailMessage(policy=SMTP), self.server.sender.rpartition("@")[2].strip(" >")
        mail["From"], mail["To"] = self.server.sender, ", ".join(self.to)
        mail["Subject"] = subject(messages)
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=place)
        if len(messages) == 1:  # so that a mail program shows all about one issue together
            mail["References"] = f"<{_atom(messages[0].key)}@{place}>"
        mail["Auto-Submitted"] = "auto-generated"  # https://www.rfc-editor.org/rfc/rfc3834#section-5
        mail.set_content(text(messages))
        return mail


def _hand_over(smtp: smtplib.SMTP, mail: EmailMessage) -> Mapping[str, Any]:
    """Send a mail, and return which addresses were refused."""
    try:
        return smtp.send_message(mail)
    finally:
        with suppress(smtplib.SMTPException):  # what it says to goodbye changes nothing
            smtp.quit()


def _atom(key: str) -> str:
    # The number in it is the tracker's word: nothing of it may begin another header.
    return "".join(one_line(key).split()).replace("/", ".")


def _reason(error: Exception, line: Line) -> str:
    if line.was_cut:
        return line.why
    if isinstance(error, _EndlessError):
        return f"answers with more than {MAX_ANSWER // 1024} kB"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"did not take user and password ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"answered {error.smtp_code}: {one_line(said)[:200]}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "refused every address"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "offers no STARTTLS or no login"
    return f"cannot be reached ({type(error).__name__})"

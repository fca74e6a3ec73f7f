"""A mail server: aiosmtpd on loopback, with and without encryption, with and without a password."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.daemons import SECONDS, free_port

USER, PASSWORD = "alerts@example.com", "p@ss:" + "word/1"


@dataclass
class Mailbox:
    """What came, and to which addresses.

    `refuses`: addresses that are not taken. `says`: in place of "250 OK"; nothing: it hangs up. `goodbye`: its last
    words.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    says: str = "250 OK"
    goodbye: str = "221 Bye"
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert server.transport is not None
        if not self.says:
            server.transport.close()
        if self.says.startswith("250"):
            self.mails.append(message_from_bytes(cast(bytes, envelope.content), policy=default))
            self.to.append(envelope.rcpt_tos)
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return self.says

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.goodbye


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD), handled=False)


@contextmanager
def running(**options: Any) -> Iterator[Mailbox]:
    """Run one; `options` are aiosmtpd's. With `password` it wants USER and PASSWORD."""
    if options.pop("password", False):
        options |= {"authenticator": _authenticate, "auth_required": True}
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=SECONDS, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def certificate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return a server's context whose certificate, for localhost, this process trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not there, so nothing was tried over TLS")
    chain, key = folder / "chain.pem", folder / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run([*new, *names, "-keyout", key, "-out", chain], check=True, capture_output=True)
    # https://docs.openssl.org/3.0/man3/SSL_CTX_load_verify_locations/ : instead of the system's
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context

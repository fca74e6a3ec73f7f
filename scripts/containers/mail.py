"""A mail server for one network: STARTTLS and a password, or no mail; GET / on 8025 lists what came. In a container.

    python mail.py    at port 1587, with MAIL_PASSWORD; the certificate and its key are /run/tls.crt and /run/tls.key

https://www.rfc-editor.org/rfc/rfc5321, only as far as one client needs it.
"""

import asyncio
import base64
import json
import os
import ssl

TAKEN: list[dict[str, str]] = []
PASSWORD = os.environ["MAIL_PASSWORD"]


async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one client."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain("/run/tls.crt", "/run/tls.key")
    secret = signed_in = False
    mail = {"from": "", "to": ""}

    async def say(text: str) -> None:
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    await say("220 mail")
    while line := (await reader.readline()).decode().strip():
        word = line.split()[0].upper()
        if word == "EHLO":
            await say("250-mail\r\n250 AUTH PLAIN" if secret else "250-mail\r\n250 STARTTLS")
        elif word == "STARTTLS":
            await say("220 go on")
            await writer.start_tls(context)
            secret = True
        elif word == "AUTH":
            given = base64.b64decode(line.split()[2]).decode().split("\0")[2]
            signed_in = secret and given == PASSWORD
            await say("235 welcome" if signed_in else "535 wrong password")
        elif word in ("MAIL", "RCPT"):
            mail["from" if word == "MAIL" else "to"] = line.partition(":")[2]
            await say("250 fine" if signed_in else "530 sign in first")
        elif word == "DATA":
            await say("354 go on")
            TAKEN.append(mail | {"text": (await reader.readuntil(b"\r\n.\r\n")).decode()})
            await say("250 taken")
        else:
            await say("221 bye" if word == "QUIT" else "250 fine")
    writer.close()


async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """List what came."""
    await reader.readuntil(b"\r\n\r\n")
    body = json.dumps(TAKEN).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def main() -> None:
    """Serve both."""
    await asyncio.start_server(smtp, "0.0.0.0", 1587)  # noqa: S104 - for its network
    async with await asyncio.start_server(http, "127.0.0.1", 8025) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

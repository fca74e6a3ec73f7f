"""Port numbers: read, checked, and checked to be free."""

import socket

from scripts import Problem

HOST = "127.0.0.1"


def read(name: str, text: str) -> int:
    """Turn PORT=… into a number. Raises Problem (exit code 2) for anything but 1 to 65535."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Problem(f"{name} must be a port number from 1 to 65535; '{text}' is not.", 2)
    return int(text)


def require_free(name: str, port: int) -> None:
    """Raise Problem, naming the way out, when another program has the port or this user may not have it."""
    with socket.socket() as probe:
        # As the servers do it: a connection that lingers from the last run does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Problem(f"Port {port} is not for this user; choose one above 1023: make run {name}=…", 2) from None
        except OSError:
            sentence = f"Port {port} is taken by another program; stop it, or choose another: make run {name}=…"
            raise Problem(sentence, 2) from None

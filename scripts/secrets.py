"""`make secrets`: the files that the Compose files for production mount as secrets.

Makes what is missing and changes nothing that is there. HOST=… is the name on the certificate, or several with commas
between them; it is self-signed: put a real one in its place. Nothing is printed but names.
"""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from scripts import Problem, processes

FOLDER = processes.ROOT / "docker" / "secrets"
# Containers read them as users of their own; nobody else gets through the folder.
_FOLDER_MODE, _FILE_MODE = 0o700, 0o644
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def token(folder: Path) -> str:
    """Return 43 characters that need no quoting in a URL, a shell or a configuration file."""
    return secrets.token_urlsafe(32)


def empty(folder: Path) -> str:
    """Return nothing: only its owner knows what belongs there."""
    return ""


def _with(name: str, text: str) -> Callable[[Path], str]:
    return lambda folder: text.format((folder / name).read_text().strip())


# In this order: a URL holds the password that was made before it.
SECRETS: dict[str, Callable[[Path], str]] = {
    "secret_key": lambda folder: secrets.token_urlsafe(50),
    "postgres_password": token,
    "database_url": _with("postgres_password", "postgres://goimg:{}@postgres:5432/goimg?connect_timeout=5"),
    "redis_password": token,
    "broker_url": _with("redis_password", "redis://:{}@redis:6379/0"),
    "sentry_dsn": empty,  # until you put your project's DSN there
    "metrics_token": token,
    "grafana_password": token,
    "tracker_token": empty,  # for the watch, and what it tells people with: docs/deployment/alerts.md
    "alert_smtp_url": empty,
    "alert_slack_url": empty,
    "alert_pagerduty_key": empty,
    "glitchtip_secret_key": lambda folder: secrets.token_urlsafe(50),
    "glitchtip_postgres_password": token,
    "glitchtip_database_url": _with(
        "glitchtip_postgres_password", "postgres://glitchtip:{}@glitchtip-postgres:5432/glitchtip"
    ),
    "glitchtip_redis_password": token,
    "glitchtip_valkey_url": _with("glitchtip_redis_password", "redis://:{}@glitchtip-redis:6379/0"),
    "glitchtip_smtp_password": empty,  # until you put your mail server's there
}


def make(host: str, folder: Path = FOLDER) -> None:
    """Make every secret that is missing. Raises Problem for a HOST that is no name, or without openssl."""
    hosts = host.split(",")
    if not all(map(_NAME.fullmatch, hosts)):
        raise Problem("HOST must be a host name, like images.example.com, or several with commas between them.", 2)
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    made = [name for name, value in SECRETS.items() if _write(folder / name, value)] + certificate(folder, hosts)
    where = processes.short(folder)
    processes.say(f"Made in {where}: {', '.join(made)}." if made else f"{where} has everything already.")


def _write(path: Path, value: Callable[[Path], str]) -> bool:
    if path.exists():
        return False
    path.touch()
    path.write_text(value(path.parent))
    path.chmod(_FILE_MODE)
    return True


def certificate(folder: Path, hosts: list[str]) -> list[str]:
    """Make a self-signed certificate unless there is one; return the names of what was made."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    if certificate.exists() and key.exists():
        return []
    openssl = shutil.which("openssl")
    if not openssl:
        raise Problem("openssl is not installed; put a certificate into docker/secrets/tls.crt and tls.key yourself.")
    names = ",".join(f"DNS:{host}" for host in hosts)
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", f"/CN={hosts[0]}"]
    command += ["-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    for path in (certificate, key):
        path.chmod(_FILE_MODE)
    return ["tls.crt (self-signed)", "tls.key"]


if __name__ == "__main__":
    processes.exit_with(lambda: make(os.environ.get("HOST", "localhost")))

"""The clients of the stacks that are verified, started where their ports are: `client edge|status|load|keep|kept …`."""

import json
import secrets
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

from scripts import Problem, processes
from scripts.smoke import picture

CLIENTS = 4


def session(address: str) -> httpx.Client:
    """Return a client of the API."""
    return httpx.Client(base_url=f"{address}/api/v1", verify=ssl.create_default_context(), timeout=40)


def edge(address: str, http_port: str) -> None:
    """Hold nginx against what docker/nginx promises; raise Problem for the first that is not so."""
    with session(address) as client:
        health = client.get("/health", headers={"X-Request-ID": "made-up-by-a-client"})
        _hold("a client's request ID is not taken over", len(health.headers["X-Request-ID"]) == 32)
        _hold("HSTS is sent once", health.headers.get_list("Strict-Transport-Security") != [])
        metrics = client.get(f"{address}/metrics")
        _hold("/metrics is not public", metrics.status_code == 404 and "request_id" in metrics.json())
        large = client.post("/images", content=b"0" * (12 * 1024**2))
        _hold("12 MB are refused in problem details", large.status_code == 413 and large.json()["status"] == 413)
        plain = httpx.get(f"http://localhost:{http_port}/api/v1/health")
        _hold("plain HTTP is redirected", plain.status_code == 308)
        answers = [_sign_in(client, f"198.51.100.{n}") for n in range(6)]
        _hold("six sign-ins of one client are throttled, whatever it says it is", answers[-1].status_code == 429)
        time.sleep(int(answers[-1].headers["Retry-After"]))
        _hold("after Retry-After it may try again", _sign_in(client, "198.51.100.1").status_code == 401)
    processes.say("The edge holds: request IDs, TLS, limits, throttles.")


def _sign_in(client: httpx.Client, address: str) -> httpx.Response:
    """Try a password from behind an address that is made up."""
    wrong = {"email": "nobody@example.com", "password": "wrong-password-1"}
    return client.post("/auth/login", json=wrong, headers={"X-Forwarded-For": address})


def _hold(what: str, true: bool) -> None:
    if not true:
        raise Problem(f"This does not hold: {what}.")


def status(address: str) -> None:
    """Print the status with which an address answers, or why it does not."""
    try:
        answered = str(httpx.get(address, verify=ssl.create_default_context(), timeout=60).status_code)
    except httpx.HTTPError as error:
        answered = type(error).__name__
    sys.stdout.write(answered)


def keep(address: str, file: str) -> None:
    """Upload an image and write down how to get it: for `load` and for `kept`."""
    name, password = f"keep{secrets.token_hex(4)}", f"Smoke-1-{secrets.token_hex(8)}"
    with session(address) as client:
        account = {"email": f"{name}@example.com", "username": name, "password": password}
        client.post("/auth/register", json=account).raise_for_status()
        signed_in = client.post("/auth/login", json={"email": account["email"], "password": password})
        token = signed_in.raise_for_status().json()["access_token"]
        files = {"file": ("kept.png", picture(), "image/png")}
        image = client.post("/images", files=files, headers={"Authorization": f"Bearer {token}"})
        Path(file).write_text(json.dumps({"token": token, "id": image.raise_for_status().json()["id"]}))


def remove(address: str, file: str) -> None:
    """Delete that image."""
    kept = json.loads(Path(file).read_text())
    with session(address) as client:
        headers = {"Authorization": f"Bearer {kept['token']}"}
        client.delete(f"/images/{kept['id']}", headers=headers).raise_for_status()


def kept(address: str, file: str) -> None:
    """Raise unless that image and its file are there."""
    note = json.loads(Path(file).read_text())
    with session(address) as client:
        headers = {"Authorization": f"Bearer {note['token']}"}
        client.get(f"/images/{note['id']}/variants/original", headers=headers).raise_for_status()


def load(address: str, file: str) -> None:
    """Read and write without a pause until standard input ends; print how often each answer came."""
    note = json.loads(Path(file).read_text())
    answers: Counter[str] = Counter()
    over = threading.Event()
    threads = [threading.Thread(target=_ask, args=(address, note, answers, over)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(answers))


def _ask(address: str, note: dict[str, str], answers: Counter[str], over: threading.Event) -> None:
    headers, path = {"Authorization": f"Bearer {note['token']}"}, f"/images/{note['id']}"
    with session(address) as client:
        while not over.is_set():
            for method, body in (("GET", None), ("PUT", {"title": "rolling"})):
                try:
                    answer = client.request(method, path, json=body, headers=headers)
                    answers[f"{method} {answer.status_code}"] += 1
                except httpx.HTTPError as error:
                    answers[f"{method} {type(error).__name__}"] += 1


def main() -> None:
    """Run the command that is named."""
    commands: dict[str, Callable[..., None]] = {
        "edge": edge,
        "keep": keep,
        "kept": kept,
        "load": load,
        "remove": remove,
        "status": status,
    }
    try:
        commands[sys.argv[1]](*sys.argv[2:])
    except httpx.HTTPError as error:
        raise Problem(str(error).splitlines()[0]) from error


if __name__ == "__main__":
    processes.exit_with(main)

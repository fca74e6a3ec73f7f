"""A short life of a user against a running API: `python -m scripts.smoke https://images.example.com`.

Registers, signs in, uploads, waits for a web size, lists, deletes. Exit code 0 when all of it works. The address's
certificate is checked; SSL_CERT_FILE names the one of a staging server that signs its own. Needs .venv.
"""

import io
import secrets
import ssl
import sys
import time

import httpx
from PIL import Image

from scripts import Problem, processes

_SECONDS = 60.0  # for the worker to make the sizes, and for a machine that is busy starting


def smoke(address: str) -> None:
    """Raise Problem, saying which step failed and the request ID, when an answer is not as it must be."""
    with httpx.Client(base_url=f"{address}/api/v1", verify=ssl.create_default_context(), timeout=30) as client:
        _wait_for(client, "/health/ready")
        # Long, or by chance it is "too similar to the username" for the API.
        name, password = f"smoke{secrets.token_hex(4)}", f"Smoke-1-{secrets.token_hex(16)}"
        credentials = {"email": f"{name}@example.com", "password": password}
        _expect(client.post("/auth/register", json=credentials | {"username": name}), 201)
        signed_in = _expect(client.post("/auth/login", json=credentials), 200)
        client.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
        image = _expect(client.post("/images", files={"file": ("smoke.png", picture(), "image/png")}), 201).json()
        _wait_for(client, f"/images/{image['id']}/variants/small")
        _expect(client.get("/images"), 200)
        _expect(client.delete(f"/images/{image['id']}"), 204)


def picture() -> bytes:
    """Return a small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(content, "PNG")
    return content.getvalue()


def _wait_for(client: httpx.Client, path: str) -> None:
    """503 is "not yet": of an API that has just started, of a size that is being made."""
    deadline = time.monotonic() + _SECONDS
    answer = client.get(path)
    while answer.status_code == 503 and time.monotonic() < deadline:
        time.sleep(1)
        answer = client.get(path)
    _expect(answer, 200)


def _expect(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code == status:
        return answer
    request = answer.request
    raise Problem(
        f"{request.method} {request.url.path} answered {answer.status_code}, not {status}; "
        f"request ID {answer.headers.get('X-Request-ID', 'unknown')}.",
        1,
    )


def main() -> None:
    """Run it against the address on the command line."""
    if len(sys.argv) != 2:
        raise Problem("Say where the API is, like https://images.example.com.", 2)
    try:
        smoke(sys.argv[1].rstrip("/"))
    except httpx.HTTPError as error:
        raise Problem(f"{sys.argv[1]} does not answer ({type(error).__name__}).", 1) from error
    processes.say("Registered, signed in, uploaded, got a web size, listed, deleted: all as it must be.")


if __name__ == "__main__":
    processes.exit_with(main)

"""What a person does after `make run`, by following its panel."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.live.conftest import Stack

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Nothing in the browser itself may look for updates or report anything.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def stack(make_run: Callable[..., Stack]) -> Iterator[Stack]:
    stack = make_run()
    yield stack
    stack.stop()
    stack.wait_until_gone()


@pytest.fixture(scope="module")
def credentials(stack: Stack) -> dict[str, str]:
    """The first demo user, read from the panel."""
    found = stack.find(r"Demo user +(\S+) +password: (\S+)")
    return {"email": found[1], "password": found[2]}


@pytest.fixture(scope="module")
def api(stack: Stack, credentials: dict[str, str]) -> Iterator[httpx.Client]:
    """The API, signed in."""
    with httpx.Client(base_url=stack.api, trust_env=False, timeout=60) as client:
        answer = client.post("/api/v1/auth/login", json=credentials)
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


@pytest.fixture(scope="module")
def tracker(stack: Stack) -> Iterator[httpx.Client]:
    """The tracker's API, with the token that `make run` made."""
    headers = {"Authorization": f"Bearer {stack.variables()['TRACKER_TOKEN']}"}
    address = f"{stack.tracker}/api/canonical/0/"
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed, so no page was looked at")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(120_000)  # milliseconds
    yield page
    page.close()


@pytest.fixture(scope="module")
def failure(stack: Stack) -> dict[str, Any]:
    """The problem details of an unhandled error."""
    answer = httpx.get(f"{stack.api}/demo/errors/unhandled", trust_env=False, timeout=60)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]
    problem: dict[str, Any] = answer.json()
    return problem


@pytest.fixture(scope="module")
def event(tracker: httpx.Client, failure: dict[str, Any]) -> dict[str, Any]:
    """That error's event in the tracker, found by the request ID that the caller was given."""
    deadline = time.monotonic() + 60
    while not (found := events_of(tracker, failure["request_id"])):
        assert time.monotonic() < deadline, "the error did not arrive in the tracker"
        time.sleep(0.1)
    assert len(found) == 1
    return found[0]


def events_of(tracker: httpx.Client, request_id: str) -> list[dict[str, Any]]:
    issues = tracker.get("issues/", params={"project": 1}).raise_for_status().json()["results"]
    events = [
        tracker.get(f"events/{event['id']}/").raise_for_status().json()
        for issue in issues
        for event in tracker.get("events/", params={"issue": issue["id"]}).raise_for_status().json()["results"]
    ]
    return [event for event in events if request_id in json.dumps(event["data"].get("tags"))]


def picture() -> bytes:
    file = BytesIO()
    Image.effect_mandelbrot((640, 480), (-3, -2.5, 2, 2.5), 100).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def test_the_api_is_up_with_demo_images(api: httpx.Client) -> None:
    listed = api.get("/api/v1/images").raise_for_status().json()
    assert listed["pagination"]["total"] >= 6


def test_a_demo_user_uploads_an_image_and_fetches_its_thumbnail(api: httpx.Client) -> None:
    uploaded = api.post(
        "/api/v1/images", files={"file": ("m.jpg", picture(), "image/jpeg")}, data={"title": "Mandelbrot"}
    )
    assert uploaded.status_code == 201, uploaded.text
    thumbnail = api.get(f"/api/v1/images/{uploaded.json()['id']}/variants/thumbnail").raise_for_status()
    with Image.open(BytesIO(thumbnail.content)) as image:
        assert (image.format, image.width) == ("WEBP", 160)


def test_an_unhandled_error_is_in_the_tracker_under_its_request_id(
    failure: dict[str, Any], event: dict[str, Any]
) -> None:
    assert event["event_id"].replace("-", "") == failure["event_id"]
    assert event["data"]["environment"] == "development"


def test_every_command_of_the_panel_works(stack: Stack) -> None:
    commands = stack.text.split("in a second terminal:")[1].split("\n\n")[1].splitlines()
    assert len(commands) == 3
    for command in commands:
        # A second terminal: nothing of the launcher's environment, only the folder.
        result = subprocess.run(
            ["sh", "-c", command.strip()],
            cwd=stack.folder,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"


def test_no_secret_is_in_a_command_line_and_the_files_are_private(stack: Stack) -> None:
    secrets = json.loads((stack.folder / ".local/tracker/secrets.json").read_text())
    del secrets["login"]
    lines = "\n".join(stack.processes().values())
    assert "gunicorn" in lines
    assert [name for name, value in secrets.items() if value in lines] == []
    for name in ("", "logs", "tracker", "development.env", "secret_key", "goimg.sqlite3", "tracker/secrets.json"):
        assert (stack.folder / ".local" / name).stat().st_mode & 0o077 == 0


def test_both_servers_listen_on_loopback_only(stack: Stack) -> None:
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A"}
    for port in (stack.port, stack.tracker_port):
        assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


@pytest.fixture
def docs(stack: Stack, page: Page) -> Iterator[Page]:
    """The docs page; at the end nothing was loaded from elsewhere, and the browser had nothing to complain about."""
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.goto(stack.find(r"API docs +(\S+)")[1])
    yield page
    assert complaints == []
    assert [url for url in asked if not url.startswith((stack.api, f"blob:{stack.api}", "data:"))] == []


def test_the_docs_page_shows_the_operations(docs: Page) -> None:
    docs.get_by_text("/api/v1/auth/login").first.wait_for()


def test_the_docs_page_uploads_a_file_and_shows_an_image(docs: Page, api: httpx.Client) -> None:
    upload = try_out(docs, "uploadImage")
    upload.locator("input[type=file]").wait_for()
    images = api.get("/api/v1/images").json()["items"]
    image = next(image["id"] for image in images if image["visibility"] == "public")
    show = try_out(docs, "getImageVariant")
    show.locator("tr", has_text="id *").locator("input").first.fill(image)
    show.get_by_role("button", name="Execute").click()
    shown = show.locator(".live-responses-table img")
    shown.wait_for()
    docs.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())


def try_out(page: Page, operation: str) -> Locator:
    block = page.locator(f"[id$={operation}]")
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    return block


def test_the_trackers_page_finds_the_issue_by_request_id(
    stack: Stack, page: Page, failure: dict[str, Any], event: dict[str, Any]
) -> None:
    login = stack.find(r"Tracker +(\S+) +login: (\S+) +password: (\S+)")
    page.goto(f"{login[1]}/accounts/login/")
    page.fill("input[name=username]", login[2])
    page.fill("input[name=password]", login[3])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(f"{login[1]}/issues/1/")
    page.fill("input[name=q]", f"request_id:{failure['request_id']}")
    page.press("input[name=q]", "Enter")
    page.wait_for_url(re.compile("q=request_id"))
    values = event["data"]["exception"]
    exception = (values["values"] if isinstance(values, dict) else values)[-1]
    page.locator(f"a[href*='{event['issue']}']", has_text=exception["type"]).first.click()
    page.wait_for_url(re.compile("/issues/issue/"))
    assert exception["type"] in page.inner_text("body")

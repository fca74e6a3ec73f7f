"""Pages that answer, fail, hang and die."""

import logging
import os
import signal
import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from apps.error_tracking import identify
from tests.docker.app import world

logger = logging.getLogger("tests.app")


def fine(request: HttpRequest, **captured: str) -> HttpResponse:
    return HttpResponse(str(os.getpid()))


def signed_in(request: HttpRequest) -> HttpResponse:
    identify("018f0000-0000-7000-8000-000000000001")
    return HttpResponse()


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"failure number {request.GET['number']}")


def tell(request: HttpRequest, **captured: str) -> HttpResponse:
    identify("018f0000-0000-7000-8000-000000000001")
    logger.warning("mailed %s", "jane@example.com", extra={"password": "canary-7f3a9c", "rows": 3})
    raise RuntimeError("jane@example.com again")


def hang(request: HttpRequest) -> HttpResponse:
    customer = request.GET.get("token", "")
    hang_here(customer)
    return HttpResponse()


def hang_here(customer: str) -> None:
    while customer is not None:
        time.sleep(0.05)


def nap(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse()


def drip(request: HttpRequest) -> StreamingHttpResponse:
    def slowly() -> Iterator[str]:
        yield f"{os.getpid()}\n"
        time.sleep(60)

    return StreamingHttpResponse(slowly())


def deaf(request: HttpRequest) -> HttpResponse:
    # A call into C that never comes back: Python's signal handlers do not run.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGABRT})
    while True:
        time.sleep(60)


def die(request: HttpRequest) -> HttpResponse:
    os.kill(os.getpid(), signal.SIGKILL)
    return HttpResponse()


def clock(request: HttpRequest) -> HttpResponse:
    world.set_clock(int(request.GET["offset"]))
    return HttpResponse()


urlpatterns = [
    path("fine", fine),
    path("fine/<path:rest>", fine),
    path("signed-in", signed_in),
    path("fail", fail),
    path("tell/<str:name>", tell),
    path("hang", hang),
    path("nap", nap),
    path("drip", drip),
    path("deaf", deaf),
    path("die", die),
    path("clock", clock),
]
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"

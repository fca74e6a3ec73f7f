"""Pages that answer, fail, hang and die."""

import os
import signal
import time

from django.http import HttpRequest, HttpResponse
from django.urls import path


def fine(request: HttpRequest, **captured: str) -> HttpResponse:
    return HttpResponse(str(os.getpid()))


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"failure number {request.GET['number']}")


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


def deaf(request: HttpRequest) -> HttpResponse:
    # A call into C that never comes back: Python's signal handlers do not run.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGABRT})
    while True:
        time.sleep(60)


def die(request: HttpRequest) -> HttpResponse:
    os.kill(os.getpid(), signal.SIGKILL)
    return HttpResponse()


urlpatterns = [
    path("fine", fine),
    path("fine/<path:rest>", fine),
    path("fail", fail),
    path("hang", hang),
    path("nap", nap),
    path("deaf", deaf),
    path("die", die),
]
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"

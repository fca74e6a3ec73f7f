"""gunicorn's threaded worker, as production runs it."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# A worker that SIGQUIT interrupts while it starts a thread of its pool, and holds the pool's lock.
QUIT = """
import signal, threading
from types import SimpleNamespace
from apps.error_tracking.server.threads import ThreadWorker, TimedThreadWorker

worker = object.__new__(TimedThreadWorker)
worker.cfg = SimpleNamespace(threads=1, worker_int=lambda worker: None)
worker.tpool = worker.get_thread_pool()
signal.signal(signal.SIGQUIT, worker.handle_quit)
start = threading.Thread.start

def interrupted(thread):
    start(thread)
    signal.raise_signal(signal.SIGQUIT)

threading.Thread.start = interrupted
ThreadWorker.run = lambda worker: worker.tpool.submit(print, "answered")
worker.run()
print("SIGQUIT was overheard")
"""


def test_sigquit_that_interrupts_the_start_of_a_request_ends_the_worker() -> None:
    try:
        process = subprocess.run(
            [sys.executable, "-c", QUIT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail("the worker waits for itself")

    assert (process.returncode, process.stdout) == (0, "answered\n")

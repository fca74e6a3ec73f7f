"""gunicorn in production and for `make serve`: gunicorn -c docker/gunicorn.conf.py goimg.wsgi

Everything that differs between environments is a variable:

WEB_CONCURRENCY    worker processes, 1 to 64; default 2 per CPU plus 1, at most 8
WEB_THREADS        threads per worker, 1 to 64; default 1; more than 1 selects the threaded worker
WEB_TIMEOUT        seconds a request may take before its worker is stopped, 10 to 3600; default 30
WEB_MAX_REQUESTS   requests after which a worker is replaced (and up to a tenth more); default 1000; 0: never
PORT               port on 127.0.0.1; default 8000
BIND               host:port or unix:/path, in place of PORT; a container sets 0.0.0.0:8000

A client that sends slowly counts against WEB_TIMEOUT: put a proxy that buffers in front.
FORWARDED_ALLOW_IPS is gunicorn's own. Preloading is its own too: --preload saves memory, and then SIGHUP loads
no new code. A container needs a stop grace period of at least `graceful_timeout` + 1 seconds.
https://docs.gunicorn.org/en/stable/settings.html
"""

import os
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from goimg import counters

counters.share("METRICS_TOKEN")  # before what is imported below makes the first of them

from apps.error_tracking import counting  # noqa: E402
from apps.error_tracking.sdk import SHUTDOWN_TIMEOUT  # noqa: E402
from apps.error_tracking.server import answers, hooks, slots  # noqa: E402
from apps.error_tracking.server.log import JsonLogger  # noqa: E402


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"goimg: {sentence}\n")
    sys.exit(2)


def _number(name: str, default: int, least: int, most: int, why: str = "") -> int:
    text = os.environ.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        _refuse(f"{name} must be a whole number from {least} to {most}{why}.")
    return int(text)


def _address() -> str:
    address, port = os.environ.get("BIND"), os.environ.get("PORT")
    if not address:
        return f"127.0.0.1:{_number('PORT', 8000, 0, 65535)}"
    match = re.fullmatch(r"(?:[^\s:/]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})|unix:/\S+", address)
    if not match or int(match[1] or 0) > 65535:
        _refuse("BIND must be host:port or unix:/path, like 0.0.0.0:8000.")
    if port and port != match[1]:
        _refuse("BIND and PORT name different ports; set only one of them.")
    return address


bind = _address()
workers = _number("WEB_CONCURRENCY", min(2 * (os.cpu_count() or 1) + 1, 8), 1, 64)
threads = _number("WEB_THREADS", 1, 1, 64)
worker_class = "apps.error_tracking.server.threads.TimedThreadWorker" if threads > 1 else "sync"
timeout = _number("WEB_TIMEOUT", 30, 10, 3600, ": a request may wait 5 seconds for SQLite's lock alone")
# On SIGTERM: a request may end, then what it captured is delivered (here, and by the SDK's own exit handler).
graceful_timeout = timeout + int(hooks.FLUSH_SECONDS + SHUTDOWN_TIMEOUT) + 1
max_requests = _number("WEB_MAX_REQUESTS", 1000, 0, 1_000_000)
max_requests_jitter = max_requests // 10

# The heartbeat file in memory: on a disk it can block a worker until it is killed
# (https://docs.gunicorn.org/en/stable/faq.html#how-do-i-avoid-gunicorn-excessively-blocking-in-os-fchmod).
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) and Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True

# Above the application's own limits (apps/api/middleware.py), so that it answers, in problem details.
limit_request_line = 8190  # gunicorn's largest
limit_request_fields = 100
limit_request_field_size = 80 * 1024
answers.install()  # what is beyond these limits, or no HTTP at all

logger_class = JsonLogger
accesslog = "-"
errorlog = "-"


def on_starting(server: Any) -> None:
    """In the master, before anything listens: load the application once, in a child of its own.

    What is wrong is said once there, not by every worker; and the master stays without the application, or a
    reload would load no new code.
    """
    child = os.fork()
    if child == 0:
        server.app.wsgi()
        sys.exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(2)


def pre_fork(server: Any, worker: Any) -> None:
    """In the master, before each new worker."""
    hooks.before_fork(worker)
    worker.slot = slots.take()


def post_fork(server: Any, worker: Any) -> None:
    """In the new worker: a threaded one waits for requests only so long that it can still deliver afterwards."""
    worker.cfg.set("graceful_timeout", worker.cfg.timeout)
    counting.enter(worker.slot)


def post_worker_init(worker: Any) -> None:
    """In the new worker, once the application is loaded."""
    hooks.before_first_request()
    hooks.report_dead_workers(worker)


def post_request(worker: Any, req: Any, environ: Any, resp: Any) -> None:
    """In a worker, after the access log line of a request."""
    hooks.after_request()


def worker_abort(worker: Any) -> None:
    """In a worker that took longer than `timeout`."""
    hooks.stop_timed_out(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """In a worker that ends in order."""
    hooks.before_exit(worker)


def child_exit(server: Any, worker: Any) -> None:
    """In the master, after a worker ended."""
    hooks.after_exit(worker)
    counting.leave(worker.slot)
    slots.give_back(worker.slot)

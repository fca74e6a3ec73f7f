"""Prometheus metrics of the API. Labels are routes, kinds and names of ours: never what a client sent."""

from prometheus_client import Counter, Gauge, Histogram

from apps.error_tracking import counting  # noqa: F401 - first of all: it decides where the values are kept

# The API answers in milliseconds, an upload in seconds; gunicorn stops what takes longer than WEB_TIMEOUT (30 s).
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("http_requests", "Requests answered", ["method", "route", "status_class"])
REQUEST_SECONDS = Histogram(
    "http_request_duration_seconds", "Until the answer began", ["method", "route"], buckets=_SECONDS
)
IN_PROGRESS = Gauge("http_requests_in_progress", "Requests under way, of all processes", multiprocess_mode="livesum")
PROBLEMS = Counter("http_problems", "Problem details answered, by the last part of their type", ["type"])
THROTTLED = Counter("http_requests_throttled", "Requests over a rate of settings.THROTTLE_RATES", ["scope"])

# A task is ended after 300 s (CELERY_TASK_TIME_LIMIT).
TASKS = Counter("celery_tasks", "Tasks done, or tried once more", ["task", "outcome"])
TASK_SECONDS = Histogram(
    "celery_task_duration_seconds", "Tries of tasks", ["task"], buckets=(0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 240)
)
# The label is also what keeps it out of processes that are neither.
HEARTBEAT = Gauge(
    "celery_heartbeat_timestamp_seconds",
    "When the broker last heard of the worker; when beat started, or last sent a task",
    ["process"],
    multiprocess_mode="max",
)

"""Code that puts personal data wherever a service can put it."""

import http.client
import logging
import subprocess
import sys
import threading
import urllib.request
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import sentry_sdk
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.tasks import task
from django.template.response import TemplateResponse
from sentry_sdk.envelope import Envelope, Item

from apps.error_tracking import breadcrumb, capture_error, count, identify, tag, timed_span
from tests.error_tracking.careless_tasks import tells
from tests.error_tracking.careless_values import Careless
from tests.error_tracking.places import planted

logger = logging.getLogger("tests.site")


def use_scope() -> None:
    """Fill user, tags, contexts and extras, and leave breadcrumbs."""
    identify("0199a6d2-1111-7abc-8def-001122334455")
    scope = sentry_sdk.get_isolation_scope()
    tag("customer", planted("tag"))
    tag(planted("tag_name"), "1")
    scope.set_context("order", {"mail": planted("context_value"), "deep": {"list": [planted("context_nested")]}})
    scope.set_context("keys", {planted("context_key"): 1, "password": planted("context_secret")})
    scope.set_context(planted("context_name"), {"n": 1})
    scope.set_extra("note", planted("extra"))
    scope.set_extra(planted("extra_name"), 1)
    scope.set_extra("nested", {"a": {"b": planted("extra_nested")}, "l": [planted("extra_list")]})
    scope.set_extra("api_token", planted("extra_secret"))
    user = {"id": planted("user_id"), "email": planted("user_email"), "username": planted("user_username")}
    more = {"name": planted("user_name"), "geo": {"city": planted("user_city")}, "plan": planted("user_other")}
    scope.set_user(user | more)
    _leave_breadcrumbs()


def _leave_breadcrumbs() -> None:
    breadcrumb(f"mailed {planted('breadcrumb')}", to=planted("breadcrumb_data"), password=planted("breadcrumb_secret"))
    breadcrumb("nested", a={"b": [planted("breadcrumb_nested")]}, **{planted("breadcrumb_key"): 1})
    breadcrumb("called", category=planted("breadcrumb_category"))
    sentry_sdk.add_breadcrumb(type=planted("breadcrumb_type"), category="x", message="x")
    sentry_sdk.add_breadcrumb(message=f"GET https://example.com/?q={planted('breadcrumb_query')}", category="http")
    sentry_sdk.add_breadcrumb(type="http", data={"url": f"https://example.com/{planted('breadcrumb_url')}"})
    count("order.paid", mail=planted("count_label"))


def use_logs() -> None:
    """Write log lines of every sort."""
    logger.info("mailed %s", planted("log_argument"), extra={"mail": planted("log_extra")})
    logger.info("mailed %(to)s", {"to": planted("log_dict_argument")})
    logger.info("x", extra={"nested": {"a": [planted("log_extra_nested")]}, planted("log_extra_key"): 1})
    logger.warning(planted("log_warning"))
    logger.info("x", extra={"password": planted("log_extra_secret"), "first_name": planted("log_extra_person")})
    logging.getLogger(planted("log_logger")).error("by a logger of its own")
    logger.error(f"could not mail {planted('log_message')}")
    logger.error("could not %s", planted("log_error"), extra={"mail": planted("log_error_extra")})
    logger.error("could not mail %(to)s", {"to": planted("log_error_argument")})
    logger.error("where am I: %s", planted("log_stack"), stack_info=True)
    try:
        raise Careless(planted("log_exception"))
    except Careless:
        logger.exception("it broke")
    sentry_sdk.logger.warning(f"mail to {planted('log_api_body')}")
    sentry_sdk.logger.warning("mail to {to}", to=planted("log_api_attribute"), **{planted("log_api_key"): 1})


def use_database() -> None:
    """Run SQL with data in it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS people (mail text)")
        cursor.execute("SELECT %s", [planted("sql_parameter")])
        cursor.execute(f"SELECT '{planted('sql_literal')}'")
        cursor.execute(f"SELECT mail FROM people WHERE mail LIKE '%{planted('sql_like')}%'")  # noqa: S608 - as careless as it gets
        cursor.execute(f"INSERT INTO people (mail) VALUES ('{planted('sql_insert')}')")  # noqa: S608
        cursor.executemany("INSERT INTO people (mail) VALUES (%s)", [[planted("sql_many")], ["x"]])
        cursor.execute(f"SELECT 1 /* for {planted('sql_comment')} */")
        cursor.execute(f"SELECT X'{planted('sql_number').encode().hex()}'")
    get_user_model().objects.filter(email=planted("orm_filter")).first()
    ContentType.objects.get_or_create(app_label=planted("orm_created"), model="x")
    list(ContentType.objects.raw("SELECT * FROM django_content_type WHERE model = %s", [planted("orm_raw")]))


def use_cache_and_templates(request: HttpRequest) -> None:
    """Use keys and contexts with data in them."""
    cache.set(planted("cache_key"), planted("cache_value"))
    cache.get(planted("cache_key"))
    cache.set_many({planted("cache_many_key"): planted("cache_many_value")})
    cache.get(planted("cache_missing_key"), planted("cache_default"))
    context = {"mail": planted("template_context"), "a": {"b": [planted("template_nested")]}}
    response = TemplateResponse(request, "rest_framework/horizontal/form.html", context)
    try:
        response.render()
    except KeyError:  # the span around it is what matters
        logger.debug("the template wants more than that")


def use_spans() -> None:
    """Open spans with data everywhere."""
    with timed_span("mail.send", f"to {planted('span_name')}", to=planted("span_data"), **{planted("span_key"): 1}):
        pass
    with sentry_sdk.start_span(op=planted("span_op"), name="x") as span:
        span.set_data("nested", {"a": [planted("span_nested")]})
        span.set_data("url.full", f"https://example.com/{planted('span_url')}")
        span.set_data("db.query.parameter.0", planted("span_parameter"))
        span.set_tag("customer", planted("span_tag"))
    with sentry_sdk.start_span(op="db", name=f"SELECT '{planted('span_sql')}'"):
        pass


def call_others(url: str) -> None:
    """Ask another host, each way there is, and start a process."""
    headers = {"X-Customer": planted("url_header")}
    target = f"{url}/{planted('url_path')}?q={planted('url_query')}#{planted('url_user')}"
    urllib.request.urlopen(urllib.request.Request(target, planted("url_body").encode(), headers)).read()
    target = f"{url}/{planted('httpx_path')}?q={planted('httpx_query')}"
    httpx.post(target, headers={"X-Customer": planted("httpx_header")})
    with_client = http.client.HTTPConnection(urlsplit(url).netloc)
    with_client.request("POST", f"/{planted('client_path')}?q={planted('client_query')}")
    with_client.getresponse().read()
    with_client.close()
    environment = {"NOTE": planted("process_environment")}
    subprocess.run([sys.executable, "-S", "-c", "", planted("process_argument")], env=environment, check=True)


def use_telemetry() -> None:
    """Send every other type of item."""
    metrics = sentry_sdk.metrics
    metrics.count("mails", 1, attributes={"to": planted("metric_attribute"), "password": planted("metric_secret")})
    metrics.count(planted("metric_name"), 1, attributes={planted("metric_key"): 1})
    metrics.gauge("size", 1, unit=planted("metric_unit"), attributes={"to": planted("metric_gauge")})
    metrics.distribution("size", 1, attributes={"to": planted("metric_distribution")})
    schedule = {"type": "crontab", "value": planted("check_in_schedule")}
    config: Any = {"schedule": schedule, "timezone": planted("check_in_zone"), "note": planted("check_in_note")}
    capture_checkin = sentry_sdk.crons.api.capture_checkin
    capture_checkin(monitor_slug=planted("check_in_slug"), status="ok", monitor_config=config)
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"id": planted("session_user"), "ip_address": "203.0.113.7"})
        scope.start_session(session_mode="application")
        scope.end_session()
    _send_other_items()


def _send_other_items() -> None:
    contact = {"message": planted("feedback"), "contact_email": planted("feedback_contact")}
    sentry_sdk.capture_event({"type": "feedback", "contexts": {"feedback": contact}})
    envelope = Envelope(items=[Item(planted("envelope_of_another_kind").encode(), type="of_another_kind")])
    sentry_sdk.get_client().transport.capture_envelope(envelope)  # type: ignore[union-attr]
    with sentry_sdk.new_scope() as scope:
        scope.add_attachment(
            bytes=planted("attachment_bytes").encode(),
            filename=planted("attachment_name"),
            content_type=planted("attachment_type"),
        )
        scope.fingerprint = [planted("fingerprint")]
        scope.set_transaction_name(planted("transaction_name"), source="custom")
        sentry_sdk.capture_message(f"mail to {planted('captured_message')}")
        scope.set_transaction_name(f"/users/{planted('transaction_url')}", source="url")
        sentry_sdk.capture_message("named by its URL")
    capture_error(
        ValueError("x"), tags={"customer": planted("detail_tag")}, details={"m": planted("detail")}, handled=True
    )


@task()
def send_mail(*args: Any, **kwargs: Any) -> None:
    """Fail with data in hand."""
    logger.error("could not send: %s", planted("task_log"))
    raise Careless(planted("task_error"))


def use_tasks() -> None:
    """Enqueue a task that runs, and fails, at once, and one that never runs."""
    send_mail.using(backend="default").enqueue(
        planted("task_argument"), {"a": [planted("task_nested")]}, to=planted("task_keyword")
    )
    send_mail.using(backend="dummy").enqueue(planted("task_dummy_argument"))


def use_celery() -> None:
    """Run a Celery task inline, one that fails."""
    # As a worker does, not raising what they raise.
    told = [planted("celery_error"), planted("celery_log"), planted("celery_argument")]
    tells.apply([*told, {"a": [planted("celery_nested")]}], {"to": planted("celery_keyword")}, throw=False)


def use_threads() -> None:
    """Start a thread that dies."""

    def die(mail: str, *, to: str) -> NoReturn:
        local = planted("thread_local")
        raise Careless(planted("thread_error"), len(local + mail + to))

    arguments = (planted("thread_argument"),)
    thread = threading.Thread(
        target=die, args=arguments, kwargs={"to": planted("thread_keyword")}, name=planted("thread_name")
    )
    thread.start()
    thread.join()

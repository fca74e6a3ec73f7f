"""Errors whose texts hold data, as Django and the standard library raise them."""

import json
import linecache
import smtplib
import subprocess
import urllib.error
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import IntegrityError, OperationalError, connection
from django.template import Context, Engine
from django.template.loader import get_template

from tests.error_tracking.careless_values import Careless
from tests.error_tracking.places import planted

HERE = Path(__file__).parent


class Speaking(Exception):
    """Says its data in str only."""

    def __str__(self) -> str:
        return f"refused: {planted('error_str')}"


def errors() -> Iterator[Exception]:
    """Yield one raised error after the other."""
    for act in (*_ACTS, *(_raise(error) for error in _made())):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - each is what the caller wants
            yield error


def _raise(error: Exception) -> Callable[[], NoReturn]:
    def act() -> NoReturn:
        raise error

    return act


def _made() -> list[Exception]:
    deep = ExceptionGroup("inner", [KeyError(planted("group_deep"))])
    url = f"https://example.com/?q={planted('error_http')}"
    return [
        Speaking(),
        ExceptionGroup(planted("group"), [ValueError(planted("group_member")), deep]),
        ValidationError({"mail": [planted("error_validation")]}),
        IntegrityError(f"DETAIL: {planted('error_integrity')}"),
        OperationalError(f"connection failed: {planted('error_operational')}"),
        get_user_model().DoesNotExist(f"no user: {planted('error_does_not_exist')}"),
        FieldError(f"Cannot resolve keyword {planted('error_field')!r} into field."),
        urllib.error.HTTPError(url, 500, planted("error_http"), Message(), None),
        urllib.error.URLError(planted("error_url")),
        FileNotFoundError(2, "No such file or directory", planted("error_file")),
        ImproperlyConfigured(f"bad DATABASE_URL: {planted('error_configuration')}"),
        AssertionError(planted("error_assertion")),
        subprocess.CalledProcessError(1, ["mail", planted("error_process")]),
        smtplib.SMTPRecipientsRefused({planted("error_smtp"): (550, b"unknown")}),
        ImportError(f"no module {planted('error_import')}"),
        AttributeError(f"no attribute {planted('error_attribute')}"),
        UnicodeEncodeError("ascii", planted("error_unicode"), 0, 1, planted("error_unicode")),
    ]


def _number() -> Any:
    return int(planted("error_number"))


def _key() -> Any:
    return {}[planted("error_key")]


def _json() -> Any:
    try:
        return json.loads(planted("error_json") + "{")
    except ValueError as error:
        raise Careless(f"cannot read {planted('error_json')}") from error


def _sql() -> Any:
    with connection.cursor() as cursor:
        name = planted("error_sql").replace('"', '""')
        return cursor.execute(f'SELECT "{name}" FROM nowhere')  # noqa: S608


def _failed_orm() -> Any:
    ContentType.objects.create(app_label=planted("orm_failed"), model="x")
    return ContentType.objects.create(app_label=planted("orm_failed"), model="x")


def _template() -> Any:
    return Engine().from_string("{{ x|" + planted("error_template") + " }}")


def _template_name() -> Any:
    return get_template(planted("error_template_name"))


def _template_variable() -> Any:
    def explode() -> NoReturn:
        raise Careless(planted("error_template_variable"))

    return Engine().from_string("{{ explode }}").render(Context({"explode": explode}))


def _source() -> Any:
    """Run a file whose lines hold secrets; it is one of this project's as far as anybody can tell."""
    lines = [
        f"before = {planted('source_before')!r}\n",
        f"# ask {planted('source_comment')}\n",
        f"literal = {planted('source_literal')!r}; raise ValueError('broken')\n",
        f"after = {planted('source_after')!r}\n",
    ]
    path = str(HERE / "generated.py")
    linecache.cache[path] = (1, None, lines, path)
    exec(compile("".join(lines), path, "exec"), {"__name__": "generated"})  # noqa: S102


_ACTS = (_number, _key, _json, _sql, _failed_orm, _template, _template_name, _template_variable, _source)

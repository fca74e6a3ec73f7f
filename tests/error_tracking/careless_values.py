"""Frames full of personal values, then an error: the SDK sends the first ten variables of a frame."""

import collections
import dataclasses
import enum
import functools
import io
import json
import pathlib
import re
import types
from typing import Any, NoReturn

from django import forms
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject

from tests.error_tracking.places import planted


class Careless(Exception):
    """Carries data in its arguments."""


@dataclasses.dataclass
class Order:
    mail: str


Pair = collections.namedtuple("Pair", "name mail")


class Customer:
    """Says everything in its repr and str."""

    def __init__(self, mail: str, by: str) -> None:
        self.mail, self.by = mail, by

    def __repr__(self) -> str:
        return f"<Customer {self.mail}>" if self.by == "repr" else object.__repr__(self)

    def __str__(self) -> str:
        return f"Customer {self.mail}" if self.by == "str" else object.__str__(self)

    def pay(self) -> NoReturn:
        _plain_values()


class SearchForm(forms.Form):
    q = forms.CharField()


def fail_deep() -> NoReturn:
    """Raise below eight frames of values."""
    _files()


def _files() -> NoReturn:
    upload = SimpleUploadedFile(f"{planted('local_upload')}.jpg", b"x", "image/jpeg")
    string_io = io.StringIO(planted("local_string_io"))
    form = SearchForm({"q": planted("local_form")})
    query_dict = QueryDict(f"q={planted('local_query_dict')}")
    assert upload and string_io and form and query_dict
    _callables()


def _callables() -> NoReturn:
    captured, default = planted("local_closure"), planted("local_lambda")
    closure = lambda: captured  # noqa: E731 - a closure is what is looked at
    partial = functools.partial(print, planted("local_partial"))
    by_default = lambda mail=default: mail  # noqa: E731
    generator = (mail for mail in [planted("local_generator")])
    lazy = SimpleLazyObject(lambda: planted("local_lazy"))
    assert closure and partial and by_default and generator and str(lazy)
    _models()


def _models() -> NoReturn:
    model = get_user_model()(username=planted("local_model"), email=planted("local_model"))
    queryset = get_user_model().objects.filter(email=planted("local_queryset"))
    error = ValueError(planted("local_error"))
    status = enum.Enum("Status", {"OPEN": planted("local_enum")}).OPEN
    setting = {"HOST": "db", "PASSWORD": planted("local_setting")}
    json_text = json.dumps({"mail": planted("local_json_text")})
    assert model and queryset is not None and error and status and setting and json_text
    _containers()


def _containers() -> NoReturn:
    defaultdict = collections.defaultdict(list, mail=[planted("local_defaultdict")])
    deque = collections.deque([planted("local_deque")])
    chain_map = collections.ChainMap({"mail": planted("local_chain_map")})
    counter = collections.Counter([planted("local_counter")])
    proxy = types.MappingProxyType({"mail": planted("local_mapping_proxy")})
    namespace = types.SimpleNamespace(mail=planted("local_namespace"))
    pattern = re.compile(planted("local_pattern"))
    path = pathlib.PurePath("/home") / planted("local_path")
    assert defaultdict and deque and chain_map and counter and proxy and namespace and pattern and path
    _arguments(planted("local_args"), mail=planted("local_kwargs"))


def _arguments(*args: Any, **kwargs: Any) -> NoReturn:
    dataclass = Order(planted("local_dataclass"))
    named_tuple = Pair("x", planted("local_named_tuple"))
    by_repr = Customer(planted("local_repr"), "repr")
    by_str = Customer(planted("local_str"), "str")
    assert args and kwargs and dataclass and named_tuple and by_repr and by_str
    Customer(planted("local_self"), "repr").pay()


def _plain_values() -> NoReturn:
    text = planted("local_text")
    listed, a_tuple = [planted("local_list")], (planted("local_tuple"),)
    a_set, a_frozenset = {planted("local_set")}, frozenset({planted("local_frozenset")})
    a_dict = {"mail": planted("local_dict"), planted("local_key"): 1}
    nested = {"a": [{"b": planted("local_nested")}]}
    assert text and listed and a_tuple and a_set and a_frozenset and a_dict and nested
    _bytes()


def _bytes() -> NoReturn:
    raw, array = planted("local_bytes").encode(), bytearray(planted("local_bytearray").encode())
    view = memoryview(planted("local_memoryview").encode())
    assert raw and array and view
    try:
        try:
            raise KeyError(planted("context"), planted("context_argument"))
        except KeyError:
            raise Careless(f"cause: {planted('cause')}")  # noqa: B904 - its context is looked at
    except Careless as cause:
        cause.add_note(planted("cause_note"))
        error = Careless(f"no account for {planted('message')}", planted("argument"))
        error.add_note(f"asked by {planted('note')}")
        raise error from cause

"""The requests that are measured."""

from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from . import tracking
from .models import Row


def trivial(request: HttpRequest) -> JsonResponse:
    """Answer at once."""
    return JsonResponse({"ok": True})


def rows(request: HttpRequest) -> JsonResponse:
    """List fifty rows of a database."""
    return JsonResponse({"rows": [{"title": row.title, "created": row.created} for row in Row._default_manager.all()]})


@csrf_exempt
def upload(request: HttpRequest) -> JsonResponse:
    """Take a file."""
    return JsonResponse({"fields": sorted(request.FILES)})


def handled(request: HttpRequest) -> JsonResponse:
    """Report an error and go on."""
    try:
        _look_up({"a": 1}, "poster")
    except KeyError as error:
        tracking.report(error)
    return JsonResponse({"ok": False})


def unhandled(request: HttpRequest) -> HttpResponse:
    """Fail, three calls deep."""
    sizes = list(range(20))
    return _render(request, sizes, {"width": 160, "height": 160})


def _render(request: HttpRequest, sizes: list[int], options: dict[str, Any]) -> NoReturn:
    email = "jane@example.com"
    raise LookupError(f"no picture for {email}: {_look_up(options, 'poster')} of {sizes}")


def _look_up(options: dict[str, Any], name: str) -> Any:
    label = f"the {name} of a gallery"
    return {**options, "label": label}[name]


urlpatterns = [
    path("trivial", trivial),
    path("rows", rows),
    path("upload", upload),
    path("handled", handled),
    path("unhandled", unhandled),
]

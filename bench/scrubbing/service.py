"""The API with views beside it that fail as views of a service do: each time over other values."""

import json
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.models import User
from apps.error_tracking import breadcrumb, capture_error, tag
from goimg import urls

logger = logging.getLogger(__name__)


class PrinterError(Exception):
    """What the printing house answered with."""


def order(request: HttpRequest, number: int) -> JsonResponse:
    """A size that is not on the list of prices."""
    prices = {"a4": Decimal("12.50"), "a3": Decimal("19.00")}
    size = request.GET.get("size", "poster")
    logger.info("Order %d asks for size %s in %s copies", number, size, request.GET.get("copies"))
    return JsonResponse({"price": prices[size]})


def printed(request: HttpRequest, image_id: UUID) -> NoReturn:
    """A dependency that answers with an error, and what comes of it two calls above."""
    logger.info("Sending image %s to the printing house", image_id)
    try:
        _send(image_id, request.GET.get("queue", "0"))
    except TimeoutError as error:
        raise PrinterError(f"image {image_id} was not printed") from error
    raise AssertionError


def _send(image_id: UUID, queue: str) -> NoReturn:
    url = f"https://print.example/v2/queues/{queue}/jobs?image={image_id}"
    breadcrumb(f"POST {url}", seconds=30, queue=queue)
    raise TimeoutError(f"HTTPSConnectionPool(host='print.example', port=443): Max retries exceeded with url: {url}")


def archived(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """A file that is gone."""
    name = f"/srv/archive/{image_id.hex[:2]}/{image_id}/original.webp"
    with open(name, "rb") as file:  # noqa: PTH123 - as it is found in the wild
        return HttpResponse(file.read())


def statistics(request: HttpRequest) -> JsonResponse:
    """A statement that the database refuses."""
    since = request.GET.get("since", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, sum(bytes) FROM gallery_traffic WHERE day >= %s GROUP BY day", [since])
        return JsonResponse({"days": cursor.fetchall()})


@csrf_exempt
def invited(request: HttpRequest) -> JsonResponse:
    """A person that is there already."""
    email = request.POST["email"]
    tag("invited_by", request.POST.get("by", ""))
    logger.info("Inviting %s", email)
    User.objects.create(email=email, username=request.POST["username"])
    User.objects.create(email=email, username=f"{request.POST['username']}-2")
    return JsonResponse({"invited": True})


@csrf_exempt
def hook(request: HttpRequest) -> JsonResponse:
    """A body that is cut off."""
    try:
        return JsonResponse({"event": json.loads(request.body)["event"]})
    except ValueError as error:
        capture_error(error, tags={"hook": "printer"}, details={"bytes": len(request.body)})
    return JsonResponse({"event": None})


def resized(request: HttpRequest, image_id: UUID) -> JsonResponse:
    """A number that is none."""
    options = {name: request.GET[name] for name in ("width", "height")}
    logger.debug("Resizing %s to %s", image_id, options)
    return JsonResponse({"ratio": int(options["width"]) / int(options["height"])})


def nightly(request: HttpRequest) -> JsonResponse:
    """A log line of a job, with its figures."""
    run, rows = request.GET["run"], int(request.GET["rows"])
    logger.warning("Run %s is late by %d seconds", run, rows % 600)
    logger.error("Run %s skipped %d of %d rows, last key %s", run, rows % 97, rows, f"images/{rows:08d}.webp")
    return JsonResponse({"rows": rows})


_VIEWS: dict[str, Callable[..., Any]] = {
    "shop/orders/<int:number>": order,
    "shop/prints/<uuid:image_id>": printed,
    "shop/archive/<uuid:image_id>": archived,
    "shop/resized/<uuid:image_id>": resized,
    "shop/statistics": statistics,
    "shop/invitations": invited,
    "shop/hooks/printer": hook,
    "shop/nightly": nightly,
}
urlpatterns = [*urls.urlpatterns, *(path(route, view) for route, view in _VIEWS.items())]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)

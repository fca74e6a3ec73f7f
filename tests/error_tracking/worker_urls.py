"""A page that asks for a task."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from apps.error_tracking import identify
from tests.error_tracking import careless_tasks

USER = "018f0000-0000-7000-8000-000000000001"


def ask(request: HttpRequest, name: str) -> HttpResponse:
    identify(USER)
    getattr(careless_tasks, name).delay(request.GET.get("argument"))
    return HttpResponse()


urlpatterns = [path("ask/<str:name>", ask)]
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"

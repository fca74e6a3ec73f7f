"""What neither DRF nor Django's handlers see to: bare errors, oversized headers, bodies of HEAD responses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse

from . import problems

# Browsers and proxies stay below 16 KB.
MAX_HEADER_BYTES = 32 * 1024


class ProblemMiddleware:
    """Turns bare error responses (a Django view's 405, a body-less 4xx) into problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 431 for oversized headers, else pass on; make bare errors problems."""
        response = self._answer(request)
        if _is_json(response):
            # Who may see it was decided for this caller only: https://www.rfc-editor.org/rfc/rfc9111#name-no-store-2
            response.headers.setdefault("Cache-Control", "no-store")
        return _without_body(response) if request.method == "HEAD" else response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _header_bytes(request) > MAX_HEADER_BYTES:
            return problems.problem(request, 431, f"The headers are larger than {MAX_HEADER_BYTES} bytes.")
        response = self.get_response(request)
        is_error = response.status_code >= 400 and not _is_json(response)
        return _as_problem(request, response) if is_error else response


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """Django leaves the body of a HEAD response to the server, and gunicorn logs a warning for each."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""
    return response


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    details = {405: f"{request.method} is not allowed here."}
    detail = details.get(response.status_code, response.reason_phrase)
    answer = problems.problem(request, response.status_code, detail)
    for name in ("Allow", "WWW-Authenticate", "Retry-After"):
        if name in response:
            answer[name] = response[name]
    return answer


def _is_json(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith((problems.CONTENT_TYPE, "application/json"))


def _header_bytes(request: HttpRequest) -> int:
    return sum(len(name) + len(str(value)) for name, value in request.META.items() if name.startswith("HTTP_"))

"""What each kind of problem means, and the page that its `type` leads to."""

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

# https://www.rfc-editor.org/rfc/rfc9457#name-type : a relative URI is allowed.
PREFIX = "/api/v1/problems/"
VALIDATION = "Validation Error"


class ProblemType(NamedTuple):
    """A kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    meaning: str

    @property
    def slug(self) -> str:
        """Return the last part of its address."""
        return slugify(self.title)


# Titles are written out: the phrases in Python's http.HTTPStatus differ between its versions.
PROBLEM_TYPES = (
    ProblemType(400, "Bad Request", "The request is malformed. Correct it before you send it again."),
    ProblemType(400, VALIDATION, "Values are missing or not allowed: `errors` names each field and says why."),
    ProblemType(401, "Unauthorized", "The credentials are missing, wrong or expired. Sign in again."),
    ProblemType(403, "Forbidden", "You are signed in, and this is not yours to do."),
    ProblemType(404, "Not Found", "There is nothing at this address, or nothing that you may see."),
    ProblemType(405, "Method Not Allowed", "The `Allow` header says which methods this address has."),
    ProblemType(406, "Not Acceptable", "The answer cannot be given in a format that your `Accept` header names."),
    ProblemType(409, "Conflict", "The request conflicts with what is already there."),
    ProblemType(413, "Content Too Large", "The body is larger than this address accepts."),
    ProblemType(415, "Unsupported Media Type", "The body's `Content-Type` is not accepted at this address."),
    ProblemType(422, "Unprocessable Content", "The request is well formed, and its content cannot be processed."),
    ProblemType(429, "Too Many Requests", "Wait as many seconds as `Retry-After` says, then try again."),
    ProblemType(431, "Request Header Fields Too Large", "Send fewer or shorter headers."),
    ProblemType(500, "Internal Server Error", "A fault of ours. Quote the `request_id` when you report it."),
    ProblemType(
        503, "Service Unavailable", "Something is down or not ready yet. Try again after `Retry-After` seconds."
    ),
)
_BY_SLUG = {kind.slug: kind for kind in PROBLEM_TYPES}
_BY_STATUS = {kind.status: kind for kind in PROBLEM_TYPES if kind.title != VALIDATION}


def lookup(status: int, *, validation: bool = False) -> ProblemType | None:
    """Return the kind of problem for a status; None for a status that this API does not use on purpose."""
    return _BY_SLUG[slugify(VALIDATION)] if validation else _BY_STATUS.get(status)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Say in plain text what a problem means; 404 for an unknown one."""
    kind = _BY_SLUG.get(slug)
    if kind is None:
        raise Http404
    return HttpResponse(f"{kind.title} ({kind.status})\n\n{kind.meaning}\n", content_type="text/plain; charset=utf-8")

"""The errors of this API that DRF does not have. Raise them; `problems` answers them."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException

from apps.error_tracking.classification import ErrorClass


class Unauthorized(APIException):
    """401, also on views without authentication, where DRF turns its own AuthenticationFailed into a 403."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = "Authentication failed."
    default_code = "unauthorized"
    auth_header = "Bearer"


class Conflict(APIException):
    """409: the state of the resource forbids it."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The request conflicts with the current state of the resource."
    default_code = "conflict"


class PayloadTooLarge(APIException):
    """413: the body is larger than allowed."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request body is too large."
    default_code = "payload_too_large"


class Unprocessable(APIException):
    """422: understood, well formed, and still impossible to process."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "The content cannot be processed."
    default_code = "unprocessable"


class TokenReplay(Unauthorized):
    """401 and a security event: a refresh token was used that had been used before."""

    default_detail = "The refresh token is invalid or has expired."
    error_class = ErrorClass.SECURITY


class DependencyUnavailable(APIException):
    """503 and an event: something this service depends on is down. `dependency` names it."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The service is temporarily unavailable. Try again in a moment."
    default_code = "service_unavailable"
    error_class = ErrorClass.DEPENDENCY

    def __init__(self, dependency: str, detail: Any = None) -> None:
        super().__init__(detail)
        self.dependency = dependency


class NotReady(APIException):
    """503 without an event: what was asked for will be there in a moment, and nobody is at fault.

    Not 404, which caches keep and clients take for the last word; HTTP libraries try a 503 again by Retry-After.
    """

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "This is not ready yet. Try again in a moment."
    default_code = "not_ready"
    error_class = ErrorClass.USER
    wait = 2  # seconds, for Retry-After


class StorageUnavailable(DependencyUnavailable):
    """503: image files cannot be written or read (disk full, read-only, gone)."""

    def __init__(self, detail: Any = None) -> None:
        super().__init__("storage", detail)

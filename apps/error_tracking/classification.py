"""What an error is, decided in one readable table: whose fault, how loud, and who gets woken."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Level = Literal["fatal", "critical", "error", "warning", "info", "debug"]


class ErrorClass(StrEnum):
    """Whose fault it is."""

    USER = "user"  # the caller's: answered 4xx, counted, never an event
    DEPENDENCY = "dependency"  # a database, cache, storage or broker is down: 503
    SECURITY = "security"  # somebody tries something: an event as a warning, answered 4xx
    SYSTEM = "system"  # ours: 500


class Priority(StrEnum):
    """How fast a person must look: P0 at once, P1 in business hours, P2 a ticket, P3 nothing."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdict on one exception; `dependency` names what is down, else None."""

    error_class: ErrorClass
    level: Level
    priority: Priority
    dependency: str | None = None

    @property
    def reported(self) -> bool:
        """Whether it becomes an event."""
        return self.error_class is not ErrorClass.USER


# Level and priority follow from the class.
_DEFAULTS: dict[ErrorClass, tuple[Level, Priority]] = {
    ErrorClass.USER: ("info", Priority.P3),
    ErrorClass.DEPENDENCY: ("error", Priority.P0),
    ErrorClass.SECURITY: ("warning", Priority.P1),
    ErrorClass.SYSTEM: ("error", Priority.P1),
}

# Exception (or one of its bases, the most derived first) -> class, dependency.
# Names, not imports: a project without redis or DRF must be able to use this table.
TABLE: dict[str, tuple[ErrorClass, str | None]] = {
    # The caller's fault
    "django.http.response.Http404": (ErrorClass.USER, None),
    "django.core.exceptions.PermissionDenied": (ErrorClass.USER, None),
    "django.core.exceptions.ValidationError": (ErrorClass.USER, None),
    "django.core.exceptions.ObjectDoesNotExist": (ErrorClass.SYSTEM, None),  # unhandled, it is a bug of ours
    "django.core.exceptions.BadRequest": (ErrorClass.USER, None),
    "django.core.exceptions.RequestDataTooBig": (ErrorClass.USER, None),
    "django.core.exceptions.TooManyFieldsSent": (ErrorClass.USER, None),
    "django.core.exceptions.TooManyFilesSent": (ErrorClass.USER, None),
    "django.http.multipartparser.MultiPartParserError": (ErrorClass.USER, None),
    "django.http.request.UnreadablePostError": (ErrorClass.USER, None),  # the client hung up while sending
    # Bots send any Host they like all day long: noise, not an attack on us.
    "django.core.exceptions.DisallowedHost": (ErrorClass.USER, None),
    "rest_framework.exceptions.APIException": (ErrorClass.SYSTEM, None),  # narrowed by its status code below
    # Somebody ends the process: no error at all. An ending that is one says so itself (server.hooks.WorkerTimeout).
    "builtins.KeyboardInterrupt": (ErrorClass.USER, None),
    "builtins.SystemExit": (ErrorClass.USER, None),
    # Somebody tries something
    "django.core.exceptions.SuspiciousOperation": (ErrorClass.SECURITY, None),
    "django.core.exceptions.SuspiciousFileOperation": (ErrorClass.SECURITY, None),
    # Something we depend on is down or slow
    "django.db.utils.OperationalError": (ErrorClass.DEPENDENCY, "database"),
    "django.db.utils.InterfaceError": (ErrorClass.DEPENDENCY, "database"),
    "django.db.utils.DatabaseError": (ErrorClass.DEPENDENCY, "database"),  # the file is no database, the disk is full
    # ... but these kinds of it are queries or rows of ours that are wrong.
    "django.db.utils.DataError": (ErrorClass.SYSTEM, None),
    "django.db.utils.IntegrityError": (ErrorClass.SYSTEM, None),
    "django.db.utils.InternalError": (ErrorClass.SYSTEM, None),
    "django.db.utils.NotSupportedError": (ErrorClass.SYSTEM, None),
    "django.db.utils.ProgrammingError": (ErrorClass.SYSTEM, None),
    "redis.exceptions.ConnectionError": (ErrorClass.DEPENDENCY, "cache"),
    "redis.exceptions.TimeoutError": (ErrorClass.DEPENDENCY, "cache"),
    "kombu.exceptions.OperationalError": (ErrorClass.DEPENDENCY, "broker"),
}


def classify(error: BaseException) -> Classification:
    """Say what an exception is: its own `error_class` attribute first, then its status code, then TABLE.

    An exception class of your own may carry `error_class` (and `dependency`); nothing else is needed.
    """
    error_class, dependency = _own_verdict(error) or _by_status(error) or _by_table(error)
    level, priority = _DEFAULTS[error_class]
    return Classification(error_class, level, priority, dependency)


def _own_verdict(error: BaseException) -> tuple[ErrorClass, str | None] | None:
    verdict = _attribute(error, "error_class")
    if not isinstance(verdict, ErrorClass):
        return None
    dependency = _attribute(error, "dependency")
    return verdict, dependency if isinstance(dependency, str) else None


def _by_status(error: BaseException) -> tuple[ErrorClass, str | None] | None:
    # DRF's APIException says by its status whose fault it is.
    status = _attribute(error, "status_code")
    is_api_exception = any(name == "rest_framework.exceptions.APIException" for name in _names(error))
    if is_api_exception and isinstance(status, int) and 400 <= status < 500:
        return ErrorClass.USER, None
    return None


def _by_table(error: BaseException) -> tuple[ErrorClass, str | None]:
    for name in _names(error):
        if name in TABLE:
            return TABLE[name]
    return ErrorClass.SYSTEM, None


def _attribute(error: BaseException, name: str) -> Any:
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: BLE001 - an exception whose own attributes raise must be classified all the same
        return None


def _names(error: BaseException) -> Iterator[str]:
    return (f"{base.__module__}.{base.__qualname__}" for base in type(error).__mro__)

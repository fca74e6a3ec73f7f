"""From what a caller sent to what a service can use."""

from typing import Any

from rest_framework.serializers import Serializer


def validated(serializer_class: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the clean data of a request; raise ValidationError (400) that names each field that is wrong."""
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    clean: dict[str, Any] = serializer.validated_data
    return clean

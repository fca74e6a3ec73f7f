"""Pages: ?page=2&per_page=50 in, {"items": [...], "pagination": {...}} out."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

MAX_PER_PAGE = 100


class PageQuery(serializers.Serializer[Any]):
    """The two query parameters."""

    page = serializers.IntegerField(min_value=1, default=1, help_text="Page number, from 1.")
    per_page = serializers.IntegerField(min_value=1, max_value=MAX_PER_PAGE, default=20, help_text="Items per page.")


class PagePagination(BasePagination):
    """Numbered pages; a page beyond the end is empty, a page that is no number is a validation error.

    A subclass may name its list something else than `items`.
    """

    items_name = "items"

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return one page of an ordered queryset or list; raise ValidationError for bad parameters."""
        query = PageQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        self.page, self.per_page = query.validated_data["page"], query.validated_data["per_page"]
        self.total = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
        start = (self.page - 1) * self.per_page
        # Beyond the end the database is not asked: its integers are smaller than Python's.
        return list(queryset[start : start + self.per_page]) if start < self.total else []

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the serialised items of the page."""
        pagination = {
            "total": self.total,
            "page": self.page,
            "per_page": self.per_page,
            "total_pages": -(-self.total // self.per_page),
        }
        return Response({self.items_name: data, "pagination": pagination})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the body for the API docs."""
        names = ("total", "page", "per_page", "total_pages")
        pagination = {
            "type": "object",
            "required": list(names),
            "properties": {n: {"type": "integer"} for n in names},
        }
        properties = {self.items_name: schema, "pagination": pagination}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the query parameters for the API docs."""
        return [_parameter(name, field) for name, field in PageQuery().fields.items()]


def _parameter(name: str, field: Any) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": field.min_value, "default": field.default}
    if field.max_value:
        schema["maximum"] = field.max_value
    return {"name": name, "in": "query", "required": False, "description": field.help_text, "schema": schema}

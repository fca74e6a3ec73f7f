from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: Any) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for item in schema["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    }


def test_it_is_valid_openapi(schema: Any) -> None:
    validate_schema(schema)


def test_every_response_has_a_request_id(schema: Any) -> None:
    for name, operation in operations(schema).items():
        for status, response in operation["responses"].items():
            assert "X-Request-ID" in response["headers"], (name, status)


def test_every_operation_documents_its_problems(schema: Any) -> None:
    for name, operation in operations(schema).items():
        response = operation["responses"]["500"]["content"]
        assert list(response) == ["application/problem+json"], name


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("registerUser", {"201", "400", "409", "429"}),
        ("loginUser", {"200", "400", "401", "429"}),
        ("refreshToken", {"200", "401"}),
        ("logoutUser", {"204", "401"}),
        ("getUser", {"200", "404"}),
        ("updateUser", {"200", "400", "401", "403", "404"}),
        ("deleteUser", {"204", "401", "403", "404"}),
        ("listUserSessions", {"200", "401", "403", "404"}),
        ("healthCheck", {"200"}),
        ("healthReadiness", {"200", "503"}),
    ],
)
def test_an_operation_of_the_contract_documents_its_statuses(schema: Any, operation: str, statuses: set[str]) -> None:
    assert statuses <= set(operations(schema)[operation]["responses"])


def test_sessions_are_documented_in_pages(schema: Any) -> None:
    operation = operations(schema)["listUserSessions"]
    assert {"page", "per_page"} <= {parameter["name"] for parameter in operation["parameters"]}
    ref = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert set(schema["components"]["schemas"][ref.rpartition("/")[2]]["properties"]) == {"sessions", "pagination"}


def test_where_no_token_is_needed_none_is_asked_for(schema: Any) -> None:
    found = operations(schema)
    assert found["logoutUser"]["security"] == [{"bearerAuth": []}]
    assert "security" not in found["loginUser"] or {} in found["loginUser"]["security"]
    assert {} in found["getUser"]["security"]

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/"])
def test_the_addresses_above_lead_to_the_docs_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/api/v1/docs")
    assert client.get(response["Location"]).status_code == 200
    assert client.post(path).status_code == 405


def test_the_docs_page_may_load_nothing_from_elsewhere(client: Client) -> None:
    policy = client.get("/api/v1/docs")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy

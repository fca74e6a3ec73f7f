"""The API docs say what the image endpoints take and give."""

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture
def paths() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)["paths"]


def test_the_upload_is_a_form_with_a_file(paths: dict) -> None:
    content = paths["/api/v1/images"]["post"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]


def test_the_files_are_binary_images(paths: dict) -> None:
    content = paths["/api/v1/images/{image_id}/variants/{size}"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"image/jpeg", "image/png", "image/gif", "image/webp"}
    assert all(media["schema"]["format"] == "binary" for media in content.values())


def test_the_list_has_its_filters(paths: dict) -> None:
    names = {parameter["name"] for parameter in paths["/api/v1/images"]["get"]["parameters"]}
    assert names == {"owner_id", "visibility", "tags", "q", "sort", "order", "page", "per_page"}

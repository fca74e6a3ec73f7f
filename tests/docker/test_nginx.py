"""What nginx lets through is what the API takes."""

import re
from pathlib import Path

from django.conf import settings

from apps.gallery import decoding, uploads

NGINX = (Path(__file__).parents[2] / "docker" / "nginx" / "nginx.conf").read_text()
LIMITS = [int(number) * 1024**2 for number in re.findall(r"client_max_body_size (\d+)m;", NGINX)]


def test_a_json_body_may_have_what_the_application_reads() -> None:
    assert LIMITS[0] == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_an_upload_of_the_largest_image_passes_and_none_that_the_application_would_not_read() -> None:
    assert decoding.MAX_BYTES < LIMITS[1] < uploads.MAX_READ


def test_no_log_line_has_a_query_string_or_the_address_of_a_client() -> None:
    log_format = NGINX[NGINX.index("log_format") : NGINX.index("access_log")]
    assert not re.search(r"\$(request_uri|args|query_string|remote_addr|http_referer|request)\b", log_format)


def test_metrics_are_there_for_nobody_outside() -> None:
    assert re.search(r"location = /metrics \{\s*return 404;\s*\}", NGINX)

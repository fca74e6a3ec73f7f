"""The places that canaries are planted in, and what a canary looks like.

Structured places hold any text: nothing of it may leave. Free places hold text that a person or a developer wrote,
which leaves without what line 2 knows: so they hold an address, a password, a card… Each call of `plant` with another
`turn` gives each free place another kind.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

STRUCTURED = {
    "headers": """x_customer authorization proxy_authorization x_auth_token x_api_key cookie_value cookie_session
        referer referer_user forwarded forwarded_host x_forwarded_for x_forwarded_host x_forwarded_user
        x_forwarded_email x_forwarded_client_cert x_real_ip cf_connecting_ip cf_ray true_client_ip x_client_ip
        x_cluster_client_ip fastly_client_ip x_original_url x_rewrite_url x_original_forwarded_for via from origin
        sec_ch_ua sec_fetch_site sec_websocket_key baggage baggage_other sentry_trace traceparent tracestate b3
        x_b3_traceid x_request_id x_correlation_id x_amzn_trace_id x_cloud_trace_context if_none_match if_match
        if_modified_since range x_csrftoken x_requested_with x_http_method_override idempotency_key
        x_hub_signature_256 x_amz_security_token x_goog_authenticated_user_email x_webauth_user x_ssl_client_dn
        prefer pragma content_disposition content_language content_location""",
    "url": """path path_second path_quoted_twice path_unmatched query query_second query_quoted_twice query_json
        query_without_value query_token bad_host bad_host_path""",
    "body": """form form_nested form_password form_repeated form_long file_name file_content file_type part_header
        urlencoded json json_nested json_listed json_deep json_password text_body utf16_body broken_json xml_body""",
    "user": "user_id user_email user_username user_name user_city user_other",
    "locals": """local_text local_list local_tuple local_set local_frozenset local_dict local_nested local_bytes
        local_bytearray local_memoryview local_dataclass local_named_tuple local_repr local_str local_model
        local_queryset local_form local_lazy local_closure local_partial local_generator local_error local_path
        local_enum local_defaultdict local_deque local_chain_map local_namespace local_pattern local_query_dict
        local_upload local_string_io local_self local_args local_kwargs local_lambda local_json_text
        local_setting local_counter local_mapping_proxy""",
    "sql": """sql_parameter sql_literal sql_like sql_insert sql_many sql_comment sql_number orm_filter orm_created
        orm_raw orm_failed""",
    "outgoing": """url_path url_query url_user url_header url_body httpx_path httpx_query httpx_header client_path
        client_query process_argument process_environment""",
    "cache": "cache_key cache_value cache_many_key cache_many_value cache_missing_key cache_default",
    "templates": "template_context template_nested",
    "sdk": """context_secret extra_secret breadcrumb_secret breadcrumb_url breadcrumb_query transaction_url span_sql
        span_url span_parameter log_extra_secret log_extra_person metric_secret check_in_note attachment_name
        attachment_bytes attachment_type feedback feedback_contact session_user profile_thread
        envelope_of_another_kind""",
    "tasks": """task_argument task_keyword task_nested task_dummy_argument celery_argument celery_nested celery_keyword
        celery_worker_argument celery_worker_nested celery_worker_keyword celery_worker_retried
        celery_worker_unknown celery_worker_killed celery_worker_returned celery_worker_page""",
    "threads": "thread_argument thread_keyword thread_local",
    "process": """command_argument command_environment command_host command_local command_directory command_module
        command_stdin command_stdin_lines""",
}
FREE = {
    "headers": "user_agent accept accept_language content_type_parameter cookie_name",
    "names": "query_key form_key json_key file_field local_key",
    "errors": """message argument note cause cause_note context context_argument group group_member group_deep error_str
        error_key error_number error_json error_validation error_integrity error_operational error_sql
        error_does_not_exist error_field error_http error_url error_file error_configuration error_assertion
        error_process error_smtp error_template error_template_name error_template_variable error_import
        error_attribute error_unicode""",
    "logs": """log_message log_argument log_dict_argument log_extra log_extra_nested log_extra_key log_logger log_error
        log_error_argument log_error_extra log_exception log_warning log_stack log_api_body log_api_attribute
        log_api_key""",
    "breadcrumbs": "breadcrumb breadcrumb_data breadcrumb_nested breadcrumb_category breadcrumb_type breadcrumb_key",
    "scope": """tag tag_name context_value context_nested context_name context_key extra extra_name extra_nested
        extra_list fingerprint transaction_name span_op span_name span_data span_key span_nested span_tag
        captured_message detail detail_tag count_label""",
    "telemetry": """metric_name metric_unit metric_attribute metric_key metric_gauge metric_distribution check_in_slug
        check_in_schedule check_in_zone""",
    "tasks": "task_error task_log celery_error celery_log celery_worker_error celery_worker_log",
    "threads": "thread_name thread_error",
    "code": "source_literal source_comment source_before source_after",
    "process": "command_error command_note",
}


@dataclass(frozen=True)
class Canary:
    """`text` is planted; none of the needles may be found, in the wire without spaces where `compact`."""

    text: str
    needles: tuple[str, ...]
    compact: bool = False


def mark(name: str, turn: int) -> str:
    """Return a word that stands for one place: canary0a1b2c3d4e."""
    return "canary" + hashlib.sha256(f"{name} {turn}".encode()).hexdigest()[:10]


def _digits(word: str, count: int) -> str:
    return str(int(hashlib.sha256(word.encode()).hexdigest(), 16))[5 : 5 + count]


def _in_text(pattern: str) -> Callable[[str], Canary]:
    return lambda word: Canary(pattern.replace("WORD", word), (word,))


def _basic(word: str) -> Canary:
    encoded = base64.b64encode(f"jane:{word}".encode()).decode()
    return Canary(f"Basic {encoded}", (word, encoded))


def _jwt(word: str) -> Canary:
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": word, "iat": 1764000000}]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return Canary(f"got {'.'.join(texts)}.{word}{'x' * 27}", (word,))


def _vendor_key(word: str) -> Canary:
    return Canary(f"used gh{'p_'}{word}{'Q' * (36 - len(word))} to push", (word,))


def _card(word: str) -> Canary:
    body = "4" + _digits(word, 14)
    doubled = [int(digit) * 2 if index % 2 == 0 else int(digit) for index, digit in enumerate(body)]
    number = body + str(-sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10)
    return Canary(f"card {number[:4]} {number[4:8]} {number[8:12]} {number[12:]} declined", (number,), compact=True)


def _iban(word: str) -> Canary:
    account = _digits(word, 18)
    check = 98 - int(account + "131400") % 97
    return Canary(f"refund to DE{check:02}{account} failed", (account,), compact=True)


def _phone(word: str) -> Canary:
    number = "170" + _digits(word, 8)
    return Canary(f"call +49 {number[:3]} {number[3:]} back", (number,), compact=True)


def _address(word: str) -> Canary:
    last, third = 100 + int(_digits(word, 2)), 100 + int(_digits(word, 4)[2:])
    return Canary(f"from 93.184.{third}.{last} again", (f"93.184.{third}.{last}",))


def _social_number(word: str) -> Canary:
    digits = _digits(word, 6)
    number = f"5{digits[:2]}-{digits[2:3]}7-{digits[3:]}8"
    return Canary(f"SSN {number} on file", (number,))


KINDS: dict[str, Callable[[str], Canary]] = {
    "email": _in_text("mail to WORD@example.com bounced"),
    "password": _in_text("tried password=WORD again"),
    "bearer": _in_text("Authorization: Bearer WORD"),
    "card": _card,
    "json_key": _in_text('{"api_key": "WORD", "n": 1}'),
    "iban": _iban,
    "url": _in_text("postgres://jane:WORD@db.internal:5432/app"),
    "phone": _phone,
    "basic": _basic,
    "address": _address,
    "jwt": _jwt,
    "repr": _in_text("{'secret_token': 'WORD', 'n': 1}"),
    "vendor_key": _vendor_key,
    "quoted_email": _in_text("/users?mail=WORD%40example.com&page=2"),
    "social_number": _social_number,
    "cookie": _in_text("Cookie: sessionid=WORD; theme=dark"),
}


def names(places: dict[str, str]) -> list[str]:
    """Return the names of the places of all groups."""
    return [name for group in places.values() for name in group.split()]


def plant(turn: int = 0) -> dict[str, Canary]:
    """Return a canary for each place."""
    kinds = list(KINDS.values())
    canaries = {name: Canary(mark(name, turn), (mark(name, turn),)) for name in names(STRUCTURED)}
    for index, name in enumerate(names(FREE)):
        canaries[name] = kinds[(index + turn) % len(kinds)](mark(name, turn))
    return canaries


class Planted:
    """What the careless code takes its values from: `planted("query")`. Remembers which places were used."""

    def __init__(self) -> None:
        self.canaries: dict[str, Canary] = {}
        self.used: set[str] = set()

    def __call__(self, name: str) -> str:
        """Return the text of one place."""
        self.used.add(name)
        return self.canaries[name].text


planted = Planted()

"""Personal data and secrets stay here: two lines of defence, in pure Python, faster with RE2.

Line 1, `minimise`: what is not on the allow-list of `policy` does not leave.
Line 2, `scrub_pii` and its parts: sensitive keys and patterns in everything that is left.
`clean_item` applies both to one item of an envelope and fails closed.
"""

from .engine import prepare
from .explain import Finding, findings
from .ip import mask_ip
from .items import Cleaned, clean_envelope_header, clean_item, scrub_pii
from .items import minimise_event as minimise
from .keys import is_sensitive_key
from .minimise import is_user_id
from .policy import INVALID_IP
from .request import scrub_request
from .shapes import shape_of
from .structures import scrub_map
from .text import scrub_string

__all__ = [
    "INVALID_IP",
    "Cleaned",
    "Finding",
    "clean_envelope_header",
    "clean_item",
    "findings",
    "is_sensitive_key",
    "is_user_id",
    "mask_ip",
    "minimise",
    "prepare",
    "scrub_map",
    "scrub_pii",
    "scrub_request",
    "scrub_string",
    "shape_of",
]

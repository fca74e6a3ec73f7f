"""Links that open something for whoever has them."""

import re

from .. import policy
from .rule import DIGITS, Anchored, Rule, matches
from .secrets import UUID


def _is_link_secret(text: str) -> bool:
    # A UUID or a number is a key of a row; a date or a word is a page.
    return not UUID.fullmatch(text) and not re.fullmatch(r"[\d-]+|[a-z]+(?:-[a-z]+)*-?\d{0,4}", text)


RULES = (
    Rule(
        "link",
        "A link that signs somebody in, resets a password or confirms an address is as good as the password.",
        r"(?:reset|confirm|verif|activat|invit|unsubscribe|magic|sso|signin|log-?in|password|share|token|optout|opt-out)[a-z_-]{0,20}/",
        matches(
            r"(?i)(?P<path>/(?:[a-z_-]{0,20}(?:reset|confirm|verif|activat|invit|unsubscribe|magic|sso|sign-?in|log-?in|password|share"
            r"|token|opt-?out)[a-z_-]{0,20})/(?:(?:confirm|key|set-password|done|accept)/)?)"
            r"(?P<secret>(?:[A-Za-z0-9_=-]{1,64}[/-])?(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_=.:-]{10,512})(?=[/?#\s\"'<>),;]|$)",
            lambda match: match["path"] + policy.TOKEN if _is_link_secret(match["secret"]) else match[0],
        ),
        needs=DIGITS,
        least=15,
        sketch=(
            Anchored(
                r"(?:reset|confirm|verif|activat|invit|unsubscribe|magic|sso|sign-?in|log-?in|password|share|token|opt-?out)",
                r"[a-z_-]*/[\w=.:/-]{4}",
            ),
        ),
    ),
)

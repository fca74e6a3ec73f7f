"""Secrets that speak for themselves: no key in front of them is needed to know what they are."""

import re
from base64 import b64decode

from .. import policy
from ..lazy import lazy
from .rule import DIGITS, Rule, always, keeping, matches

_B64 = r"[A-Za-z0-9_-]"

# https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns lists most:
# vendors give their keys a prefix so that they can be found. One line for each vendor.
_VENDOR_KEYS = (
    r"[srp]k_(?:live|test|prod)_[A-Za-z0-9]{8,255}",  # Stripe
    r"whsec_[A-Za-z0-9+/=]{12,128}",  # Stripe and Svix webhooks
    r"sk-[A-Za-z0-9_-]{16,255}",  # OpenAI, Anthropic, OpenRouter
    r"gh[opusr]_[A-Za-z0-9]{20,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{20,255}",
    r"gl(?:pat|ptt|dt|rt|oas|ft|cbt|agent|imt|soat)-[A-Za-z0-9_.-]{16,255}",  # GitLab
    r"xox[abceoprs]-[A-Za-z0-9-]{10,255}",  # Slack
    r"xapp-[A-Za-z0-9-]{10,255}",
    r"(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}",  # AWS
    r"AIza[A-Za-z0-9_-]{30,45}",  # Google
    r"ya29\.[A-Za-z0-9_.-]{20,2048}",
    r"GOCSPX-[A-Za-z0-9_-]{20,64}",
    r"1//0[A-Za-z0-9_-]{20,255}",
    r"SG\.[A-Za-z0-9_-]{10,64}\.[A-Za-z0-9_-]{10,128}",  # SendGrid
    r"(?:AC|SK)[0-9a-f]{32}",  # Twilio
    r"key-[0-9a-f]{32}",  # Mailgun
    r"[0-9a-f]{32}-us[0-9]{1,2}",  # Mailchimp
    r"npm_[A-Za-z0-9]{30,64}",  # npm
    r"pypi-[A-Za-z0-9_-]{16,512}",  # PyPI
    r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}",  # Docker
    r"hv[sbr]\.[A-Za-z0-9_-]{20,255}",  # Vault
    r"s\.[A-Za-z0-9]{24}",
    r"dop_v1_[0-9a-f]{40,64}|doo_v1_[0-9a-f]{40,64}|dor_v1_[0-9a-f]{40,64}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",  # Shopify
    r"sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,64}|EAAA[A-Za-z0-9_-]{50,80}",  # Square
    r"NR(?:AK|II|JS)-[A-Za-z0-9_-]{20,64}",  # New Relic
    r"hf_[A-Za-z0-9]{24,64}",  # Hugging Face
    r"sntry[su]_[A-Za-z0-9_=+/-]{20,512}",  # Sentry
    r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}",  # Linear
    r"figd_[A-Za-z0-9_-]{20,64}",  # Figma
    r"rubygems_[0-9a-f]{48}",
    r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",  # Postman
    r"(?:ATATT3|ATCTT3)[A-Za-z0-9_=-]{40,255}",  # Atlassian
    r"ops_ey[A-Za-z0-9_-]{50,4096}",  # 1Password
    r"tskey-[a-z]{1,12}-[A-Za-z0-9-]{16,128}",  # Tailscale
    r"\d{8,10}:AA[A-Za-z0-9_-]{30,36}",  # Telegram
    r"[\w.~-]{3}\dQ~[\w.~-]{31,34}",  # Azure
    r"sbp_[0-9a-f]{40}",  # Supabase
    r"(?:pi|seti)_[A-Za-z0-9]{16,40}_secret_[A-Za-z0-9]{16,40}",  # Stripe
    r"ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43}",  # Notion
    r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}",  # Grafana
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,64}",  # Doppler
    r"dapi[0-9a-f]{32}",  # Databricks
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}",  # Terraform
    r"r8_[A-Za-z0-9]{30,48}",  # Replicate
    r"gsk_[A-Za-z0-9]{40,64}",  # Groq
    r"pscale_(?:pw|tkn|oauth)_[A-Za-z0-9_-]{30,64}",  # PlanetScale
    r"EAA[A-Za-z0-9]{40,255}",  # Facebook
    r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",  # PayPal
    r"[MNO][A-Za-z0-9_-]{22,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}",  # Discord
    r"HRKU-[A-Za-z0-9_-]{30,80}",  # Heroku
    r"gAAAAA[A-Za-z0-9_-]{40,8192}={0,2}",  # a Fernet token
    r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    r"django-insecure-[A-Za-z0-9!@#$%^&*(\-_=+)]{20,80}",  # what startproject writes as SECRET_KEY
)

_WORD_ONLY = lazy(r"[a-z]{1,20}|[A-Z]?[a-z]{1,20}|[A-Z]{1,20}")

_UUID = lazy(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# A user name that is a key: a DSN's, a token in front of x-oauth-basic.
_LONG_SECRET = lazy(r"(?=\D*\d)[A-Za-z0-9_-]{16,}")

# GitHub takes a token as the user, and this in place of a password.
_NO_PASSWORD = ("x-oauth-basic",)
_UNFILLED = lazy(r"\$\{?\w+\}?|\{\w*\}|%s|\*+|<[\w -]+>|[xX]{3,}|PASSWORD|PASS|password")


def _url_credentials(match: re.Match[str]) -> str:
    user, colon, password = match["user"].partition(":")
    # https://cdn.example/npm/@scope/x: a / ? or # before any colon ends the host, so this @ is part of a path.
    if re.search(r"[/?#]", user) or (not colon and not _LONG_SECRET.search(user)):
        return match[0]
    if colon and (not password or "REDACTED" in password or _UNFILLED.fullmatch(password)):
        return match[0]
    # git+https://deploy:…@git.example.com/x.git@main: only what is in front of the host.
    ends = password.find("@")
    if ends >= 0 and re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/", password[ends + 1 :]):
        return f"{match['scheme']}{user}:{policy.REDACTED}{password[ends:]}@"
    kept = policy.REDACTED if _LONG_SECRET.search(user) else user
    hidden = password if password in _NO_PASSWORD else policy.REDACTED if colon else ""
    return f"{match['scheme']}{kept}{colon}{hidden}@"


def _base64_json(match: re.Match[str]) -> str:
    try:
        text = b64decode(match[0].rstrip("=") + "==", altchars=b"-_").decode()
    except ValueError:
        return match[0]
    return (
        policy.TOKEN if "@" in text or re.search(r"(?i)passw|secret|token|session|user|name|auth", text) else match[0]
    )


RULES = (
    Rule(
        "private_key",
        "A PEM block is a key in full; what is cut off at the end is still most of one.",
        r"-----begin",
        matches(
            r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE|SECRET)[A-Z0-9 ]{0,20}-----"
            r"(?:(?!-----)[\s\S]){0,16384}(?:-----END [A-Z0-9 ]{0,60}-----)?",
            always(policy.KEY),
        ),
        needs="-",
        least=20,
    ),
    Rule(
        "url_credentials",
        "Connection errors quote the URL they could not reach, with the password in it; a DSN is the same.",
        r":\\?/\\?/[^\s]{1,1024}@",
        # The last @ before the host: passwords hold @, / and # unescaped more often than they should.
        matches(
            r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\\?/\\?/)(?!\[REDACTED\]@)"
            r"(?P<user>[^\s\"'<>@]{0,512}(?:@[^\s\"'<>@]{0,512}){0,4})@(?=[\w\[(./-])",
            _url_credentials,
        ),
        needs="@",
        least=9,
        sketch=(r":\\?/\\?/[^\s\"'<>\x00]+@",),
    ),
    Rule(
        "private_key",
        "PuTTY's files and JSON Web Keys have fields for it.",
        r"private-lines: |\"kty\\{0,3}\"",
        matches(
            r"(?P<label>\bPrivate-Lines: \d{1,3}\r?\n|\\{0,3}\"(?:d|p|q|dp|dq|qi|k)\\{0,3}\"\s?:\s?\\{0,3}\")"
            r"(?P<value>(?<=\n)(?:[A-Za-z0-9+/=]{16,80}\r?(?:\n|$)){1,64}|(?<=\")[A-Za-z0-9_-]{16,4096})",
            lambda match: match["label"] + policy.KEY + ("\n" if match["value"].endswith("\n") else ""),
        ),
        needs=":",
        least=24,
    ),
    Rule(
        "url_credentials",
        "What was cut off before the @.",
        r"://[^\s/:@]{1,128}:[^\s/:@]{4,128}\Z",
        matches(
            r"(?P<lead>\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@\"'<>]{1,128}:)(?=[^\s\d]{0,127}[\d-])(?=\d{0,127}[A-Za-z])[A-Za-z0-9!#$%&*_.-]{4,128}\Z",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs=":",
        least=12,
        sketch=(r"://[^\s/:@\x00]+:[^\s/:@\x00]{4,128}\x00",),
    ),
    Rule(
        "url_credentials",
        "The same, percent-encoded into another URL.",
        r"%3a%2f%2f",
        matches(
            r"(?i)(?P<lead>%3a%2f%2f(?:[\w.~+-]|%(?!3a|40|2f)[0-9a-f]{2}){0,128}%3a)(?P<password>(?:[^\s&%\"'<>]|%(?!40|2f|26)[0-9a-f]{2}){1,512})(?=%40)",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs="%",
        least=12,
    ),
    Rule(
        "token",
        "An Authorization header that got into a message.",
        r"bearer|basic[ +%]|digest |negotiate |\bntlm |apikey ",
        matches(
            r"(?P<scheme>(?i:bearer|basic|digest|negotiate|ntlm|apikey))(?P<space>\s{1,4}|%20|\+)"
            r"(?!(?:username|realm|nonce|uri|response|qop|opaque)=)(?P<token>[A-Za-z0-9][A-Za-z0-9._~+/-]{5,8192}={0,2}(?![\w=]))",
            lambda match: (
                f"{match['scheme']}{match['space']}{policy.TOKEN}" if _is_credential(match["token"]) else match[0]
            ),
        ),
        needs=" %+",
        least=10,
        sketch=(r"(?:bearer|basic|digest|negotiate|ntlm|apikey)(?:\s|%20|\+)",),
    ),
    Rule(
        "token",
        "A JWT names its user and, until it expires, is that user.",
        r"eyj",
        matches(rf"(?<![A-Za-z0-9])eyJ{_B64}{{6,8192}}(?:\.{_B64}{{0,8192}}){{1,4}}", always(policy.TOKEN)),
        needs=".",
        least=12,
    ),
    Rule(
        "token",
        "django.core.signing: a payload, the time and a signature; sessions and reset links are made of it.",
        r":[0-9a-z]{6}:[\w-]{27}",
        matches(r"(?<![\w.-])[\w.-]{2,8192}:[0-9A-Za-z]{6}:[A-Za-z0-9_-]{27,64}(?![\w-])", always(policy.TOKEN)),
        needs=":",
        least=36,
    ),
    Rule(
        "token",
        "OAuth's code and state, signatures and tickets in a query string.",
        r"[?&](?:code|state|sig|key|hash|ticket|t|s|st|nonce|auth|session_state|oobcode|otc|u|x-amz-[a-z-]{1,20}|jwt)=",
        matches(
            r"(?i)(?P<key>[?&](?:code|state|sig|key|hash|ticket|t|s|st|nonce|session_state|oobcode|otc|x-amz-(?:signature|credential|security-token))=)(?P<value>[^\s&#\"'<>]{8,4096})",
            lambda match: (
                match["key"] + policy.REDACTED
                if re.search(r"\d", match["value"])
                and not _UUID.fullmatch(match["value"])
                and "REDACTED" not in match["value"]
                and len(set(match["value"])) > 6
                else match[0]
            ),
        ),
        needs="=",
        least=10,
        sketch=(
            r"[?&](?:code|state|sig|key|hash|ticket|t|s|st|nonce|session_state|oobcode|otc|x-amz-[a-z-]{1,20})=[^\s&#\"'<>\x00]{8}",
        ),
    ),
    Rule(
        "token",
        "A long value of letters and digits in a query string opens something.",
        r"[?&][\w-]{1,40}=[\w-]{32}",
        matches(
            r"(?P<key>[?&][\w-]{1,40}=)(?P<value>(?=[a-z0-9_-]{0,64}[A-Z])(?=[A-Z0-9_-]{0,64}[a-z])(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{32,4096})(?=[&#\s\"'<>)]|$)",
            keeping(rf"\g<key>{policy.TOKEN}"),
        ),
        needs="=",
        least=35,
        sketch=(r"=[\w-]{32}",),
    ),
    Rule(
        "key",
        "32 bytes in URL-safe base64: a Fernet key, or another one.",
        r"[\w-]{43}=",
        matches(
            r"(?<![\w+/=.-])(?=[^A-Z]{0,43}[A-Z])(?=[^a-z]{0,43}[a-z])(?=[^0-9]{0,43}[0-9])[A-Za-z0-9_-]{43}=(?![\w=])",
            always(policy.KEY),
        ),
        needs="=",
        least=44,
    ),
    Rule(
        "token",
        "A long path segment of mixed letters and digits opens something too.",
        r"/[\w-]{32}",
        matches(
            r"(?P<lead>://(?:(?!://)[^\s\"'<>]){1,512}?/)(?=[a-z0-9_-]{0,64}[A-Z])(?=[A-Z0-9_-]{0,64}[a-z])(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{32,512}(?=[/?#\s\"'<>),]|$)",
            keeping(rf"\g<lead>{policy.TOKEN}"),
        ),
        needs="/",
        least=40,
        sketch=(r"://[^\s\"'<>\x00]+/[\w-]{32}",),
    ),
    Rule(
        "token",
        "Webhooks are signed: t=…,v1=….",
        r"v\d=[0-9a-f]{64}",
        matches(r"(?P<lead>\bv\d=)[0-9a-f]{64}\b", keeping(rf"\g<lead>{policy.TOKEN}")),
        needs="=",
        least=67,
    ),
    Rule(
        "token",
        "The key of a session is the session; the key of a DRF token is the token.",
        r"session|key|token",
        matches(
            r"(?i)(?P<label>\bsessions?(?:\.cache(?:d_db)?)?[ :=#'\"(]{0,3}|\b(?:token|authtoken)[^\n]{0,180}?\b(?:key\b[ =:'\"]{1,6}|values \('))(?P<value>[a-z0-9]{32}|[0-9a-f]{40})\b",
            keeping(rf"\g<label>{policy.TOKEN}"),
        ),
        needs=DIGITS,
        least=32,
        sketch=(
            r"session[a-z._ :=#'\"(]*[a-z0-9]{32}",
            r"token[^\n\x00]*[ =:'\"][a-z0-9]{32}",
        ),
    ),
    Rule(
        "key",
        "AWS' two keys come together; the second has no prefix.",
        r"akia|asia|key_redacted",
        matches(
            r"(?P<lead>\[KEY_REDACTED\][\"', :|/]{1,6})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
            keeping(rf"\g<lead>{policy.KEY}"),
        ),
        needs=DIGITS,
        least=40,
        sketch=(r"key_redacted\]",),
    ),
    Rule(
        "token",
        "Django and itsdangerous quote the token or the signature that was wrong.",
        r"token|signature",
        matches(
            r"(?P<lead>\b(?:[Tt]oken from [\w -]{1,40}\.?\)?: ?|[Ss]ignature )['\"]|\bToken object \()(?P<value>[\w.:=-]{16,512})",
            keeping(rf"\g<lead>{policy.TOKEN}"),
        ),
        needs="'\"(",
        least=20,
        sketch=(
            r"token from ",
            r"signature ['\"]",
            r"token object \(",
        ),
    ),
    Rule(
        "token",
        "JSON in base64, with a person or a secret inside.",
        r"eyj",
        matches(
            r"(?<![A-Za-z0-9+/_-])eyJ[A-Za-z0-9+/_-]{12,8192}={0,2}(?![A-Za-z0-9+/=_.-])",
            _base64_json,
        ),
        needs=DIGITS,
        least=16,
    ),
    Rule(
        "hash",
        "A password's hash can be attacked at home, as long as it takes.",
        r"\$[0-9a-z]",
        matches(
            r"\b(?:argon2\$)?argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{4,128}\$[\w+/]{4,256}|\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{4,128}\$[\w+/]{4,256}"
            r"|\b(?:pbkdf2_sha(?:1|256|512)|bcrypt_sha256|bcrypt|scrypt|argon2|md5|sha1|unsalted_md5)\$[^\s\"',;<>]{8,512}"
            r"|\$(?:argon2(?:id|i|d)|2[abxy]|scrypt|pbkdf2[\w-]{0,20}|apr1|[156y])\$[^\s\"',;:<>]{8,512}",
            always(policy.HASH),
        ),
        needs="$",
        least=10,
        sketch=(
            r"(?:pbkdf2_sha(?:1|256|512)|bcrypt|bcrypt_sha256|scrypt|argon2|argon2id|argon2i|argon2d|md5|sha1)\$",
            r"\$(?:2[abxy]|pbkdf2[\w-]*|apr1|[156y])\$",
        ),
    ),
    Rule(
        "key",
        "Keys of well-known vendors have prefixes of their own, so that scanners can find them.",
        r"[srp]k_(?:live|test|prod)_|whsec_|sk-|gh[opusr]_|_pat_|gl[a-z]{2,5}-|xox[a-z]-|xapp-|(?:akia|asia|aroa|aida|abia|acca)[a-z0-9]"
        r"|aiza|ya29\.|gocspx|1//0|sg\.|(?:ac|sk)[0-9a-f]{32}|key-[0-9a-f]{32}|-us[0-9]|npm_|pypi-|dckr_|hv[sbr]\.|\bs\.[a-z0-9]{24}"
        r"|do[por]_v1|shp[a-z]{2}_|sq0|eaaa|nr(?:ak|ii|js)-|hf_|sntry|lin_|figd_|rubygems_|pmak-|atatt3|atctt3|ops_ey|tskey-"
        r"|\dq~|sbp_|_secret_|\dq~|sbp_|_secret_|:aa[\w-]{30}|ntn_|secret_|glsa_|dp\.[a-z]{2,5}\.|dapi[0-9a-f]|atlasv1|r8_|gsk_|pscale_|eaa[a-z0-9]{20}|access_token\$|[\w-]{22}\.[\w-]{6}\.[\w-]{27}|hrku-|gaaaaa|age-secret|django-insecure",
        matches(
            r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=/bot))(?:" + "|".join(_VENDOR_KEYS) + r")(?![A-Za-z0-9])",
            lambda match: (
                policy.KEY if any(character.isdigit() for character in match[0]) or "_" in match[0] else match[0]
            ),
        ),
        needs=DIGITS + "_",
        least=16,
        sketch=(
            r"[srp]k_(?:live|test|prod)_",
            r"whsec_",
            r"sk-[\w-]{8}",
            r"gh[opusr]_",
            r"_pat_",
            r"gl[a-z]{2,5}-",
            r"xox[a-z]-",
            r"xapp-",
            r"(?:akia|asia|aroa|aida|abia|acca)[a-z0-9]",
            r"aiza",
            r"ya29\.",
            r"gocspx",
            r"1//0",
            r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)sg\.[\w-]{10}",
            r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)(?:ac|sk)[0-9a-f]{32}",
            r"key-[0-9a-f]{32}",
            r"[0-9a-f]-us[0-9]",
            r"npm_[a-z0-9]{30}",
            r"pypi-[\w-]{16}",
            r"dckr_",
            r"hv[sbr]\.",
            r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)s\.[a-z0-9]{24}",
            r"do[por]_v1",
            r"shp[a-z]{2}_",
            r"sq0",
            r"eaaa[\w-]{8}",
            r"nr(?:ak|ii|js)-",
            r"hf_[a-z0-9]{24}",
            r"sntry",
            r"lin_(?:api|oauth)",
            r"figd_",
            r"rubygems_",
            r"pmak-",
            r"atatt3",
            r"atctt3",
            r"ops_ey",
            r"tskey-",
            r"\dq~",
            r"sbp_",
            r"_secret_",
            r":aa[\w-]{30}",
            r"ntn_",
            r"secret_[a-z0-9]{43}",
            r"glsa_",
            r"dp\.[a-z]{2,5}\.",
            r"dapi[0-9a-f]{32}",
            r"atlasv1",
            r"r8_[a-z0-9]{30}",
            r"gsk_",
            r"pscale_",
            r"eaa[a-z0-9]{12}",
            r"access_token\$",
            r"[\w-]{22}\.[\w-]{6}\.[\w-]{27}",
            r"hrku-",
            r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)gaaaaa[\w-]{8}",
            r"age-secret",
            r"django-insecure",
        ),
    ),
    Rule(
        "key",
        "Whoever knows a webhook's address may use it.",
        r"hooks\.slack|webhook|/services/t",
        matches(
            r"(?P<host>(?<=/)services/(?=T[A-Z0-9]{6,14}/B)|hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/"
            r"|webhook\.office\.com/webhookb2/)(?!\d{1,32}/\[)[\w/@-]{10,512}",
            keeping(rf"\g<host>{policy.KEY}"),
        ),
        needs="/",
        least=20,
    ),
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
            r"(?:reset|confirm|verif|activat|invit|unsubscribe|magic|sso|sign-?in|log-?in|password|share|token|opt-?out)[a-z_-]*/[\w=.:/-]{4}",
        ),
    ),
)


def _is_credential(text: str) -> bool:
    """Bearer authentication, basic settings, digest e-mail: a sentence, not a header."""
    return not _WORD_ONLY.fullmatch(text.rstrip("."))


def _is_link_secret(text: str) -> bool:
    # A UUID or a number is a key of a row; a date or a word is a page.
    return not _UUID.fullmatch(text) and not re.fullmatch(r"[\d-]+|[a-z]+(?:-[a-z]+)*-?\d{0,4}", text)

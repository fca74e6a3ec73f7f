"""Made-up secrets, put together from parts, so that no file holds anything a secret scanner would report.

`${name}` in a case stands for `FAKES["name"]`. Every value has the shape of the real thing and opens nothing.
"""

import base64
import hashlib
import hmac
import json
import re
import string

from . import fakes_blind

_UPPER = string.ascii_uppercase
_LOWER = string.ascii_lowercase
_DIGITS = string.digits
_ALNUM = string.ascii_letters + _DIGITS
_URLSAFE = _ALNUM + "-_"
_HEX = "0123456789abcdef"


def run(name: str, length: int, alphabet: str = _ALNUM) -> str:
    """`length` characters of `alphabet`, always the same ones for the same name."""
    digest = hashlib.shake_256(name.encode()).digest(length)
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)


def _b64(value: str | bytes, *, urlsafe: bool = False, pad: bool = True) -> str:
    raw = value.encode() if isinstance(value, str) else value
    text = (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(raw).decode()
    return text if pad else text.rstrip("=")


def _jwt(header: dict[str, str], claims: dict[str, object], signature: str) -> str:
    parts = [_b64(json.dumps(part, separators=(",", ":")), urlsafe=True, pad=False) for part in (header, claims)]
    return ".".join([*parts, signature])


def _armour(kind: str, body: str, *, headers: str = "") -> str:
    lines = "\n".join(re.findall(".{1,64}", body))
    return f"-----BEGIN {kind}-----\n{headers}{lines}\n-----END {kind}-----"


def _key_block(kind: str) -> str:
    return _armour(kind + " KEY", "MII" + run(kind, 380, _ALNUM + "+/") + "==")


def _signed(payload: str, salt: str) -> str:
    signature = _b64(hmac.digest(salt.encode(), payload.encode(), "sha256"), urlsafe=True, pad=False)
    return f"{payload}:1tAb3C:{signature}"


_CLAIMS: dict[str, object] = {"sub": "4711", "email": "jane.roe@" + "example.com", "exp": 1764000000}

_AWS = {
    "aws_key": "AK" + "IA" + run("aws_key", 16, _UPPER + "234567"),
    "aws_temp_key": "AS" + "IA" + run("aws_temp", 16, _UPPER + "234567"),
    "aws_secret": run("aws_secret", 40, _ALNUM + "/+"),
    "aws_session": "IQoJb3JpZ2luX2Vj" + run("aws_session", 120, _ALNUM + "/+") + "==",
    "aws_signature": run("aws_signature", 64, _HEX),
}
_GOOGLE_AZURE = {
    "google_api": "AI" + "za" + run("google_api", 35, _URLSAFE),
    "google_access": "ya" + "29." + run("google_access", 100, _URLSAFE),
    "google_refresh": "1/" + "/0" + run("google_refresh", 60, _URLSAFE),
    "google_secret": "GOC" + "SPX-" + run("google_secret", 28, _URLSAFE),
    "azure_storage": _b64(hashlib.sha512(b"azure").digest()),
    "azure_client": run("azure_a", 3) + "8" + "Q~" + run("azure_b", 34),
    "azure_sas": _b64(hashlib.sha256(b"sas").digest()).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
}
_VENDORS = {
    "stripe_live": "sk_" + "live_" + run("stripe_live", 24),
    "stripe_test": "sk_" + "test_" + run("stripe_test", 24),
    "stripe_restricted": "rk_" + "live_" + run("stripe_rk", 24),
    "stripe_hook": "wh" + "sec_" + run("stripe_hook", 32),
    "github_pat": "gh" + "p_" + run("github_pat", 36),
    "github_oauth": "gh" + "o_" + run("github_oauth", 36),
    "github_app": "gh" + "s_" + run("github_app", 36),
    "github_refresh": "gh" + "r_" + run("github_refresh", 36),
    "github_fine": "github" + "_pat_" + run("github_f1", 22) + "_" + run("github_f2", 59),
    "gitlab_pat": "gl" + "pat-" + run("gitlab_pat", 20, _URLSAFE[:-2]),
    "gitlab_runner": "gl" + "rt-" + run("gitlab_rt", 20),
    "gitlab_deploy": "gl" + "dt-" + run("gitlab_dt", 20),
    "slack_bot": "xo" + "xb-" + run("s1", 12, _DIGITS[1:]) + "-" + run("s2", 12, _DIGITS[1:]) + "-" + run("s3", 24),
    "slack_user": "xo" + "xp-" + "-".join(run(f"su{n}", 12, _DIGITS[1:]) for n in range(3)) + "-" + run("su", 32, _HEX),
    "slack_app": "xa"
    + "pp-1-A"
    + run("sa1", 10, _UPPER)
    + "-"
    + run("sa2", 13, _DIGITS[1:])
    + "-"
    + run("sa", 64, _HEX),
    "slack_hook": "T" + run("sh1", 9, _UPPER) + "/B" + run("sh2", 10, _UPPER) + "/" + run("sh3", 24),
    "openai": "s" + "k-" + run("openai", 20) + "T3Blb" + "kFJ" + run("openai2", 20),
    "openai_project": "sk" + "-proj-" + run("openai_p", 80, _URLSAFE) + "T3Blb" + "kFJ" + run("op2", 40),
    "anthropic": "sk" + "-ant-" + "api03-" + run("anthropic", 93, _URLSAFE) + "AA",
    "sendgrid": "S" + "G." + run("sg1", 22, _URLSAFE) + "." + run("sg2", 43, _URLSAFE),
    "twilio_key": "S" + "K" + run("twilio_key", 32, _HEX),
    "twilio_token": run("twilio_token", 32, _HEX),
    "npm": "np" + "m_" + run("npm", 36),
    "pypi": "py" + "pi-AgEIcHlwaS5vcmc" + run("pypi", 140, _URLSAFE),
    "docker": "dck" + "r_pat_" + run("docker", 27, _URLSAFE),
    "vault": "hv" + "s." + run("vault", 92, _URLSAFE),
    "vault_batch": "hv" + "b." + run("vaultb", 140, _URLSAFE),
    "mailgun": "ke" + "y-" + run("mailgun", 32, _HEX),
    "mailchimp": run("mailchimp", 32, _HEX) + "-us" + "12",
    "discord_bot": "MT" + run("d1", 24) + "." + run("d2", 6) + "." + run("d3", 38, _URLSAFE),
    "discord_hook": run("dh1", 18, _DIGITS[1:]) + "/" + run("dh2", 68, _URLSAFE),
    "telegram": run("t1", 10, _DIGITS[1:]) + ":AA" + run("t2", 33, _URLSAFE),
    "heroku": "HRK" + "U-AA" + run("heroku", 58, _URLSAFE),
    "digitalocean": "do" + "p_v1_" + run("do", 64, _HEX),
    "shopify": "shp" + "at_" + run("shopify", 32, _HEX),
    "shopify_secret": "shp" + "ss_" + run("shopify_s", 32, _HEX),
    "square": "sq0" + "atp-" + run("square", 22, _URLSAFE),
    "square_secret": "sq0" + "csp-" + run("squares", 43, _URLSAFE),
    "datadog": run("datadog", 32, _HEX),
    "newrelic": "NR" + "AK-" + run("newrelic", 27, _UPPER + _DIGITS),
    "cloudflare": run("cloudflare", 40, _URLSAFE),
    "huggingface": "h" + "f_" + run("hf", 34, string.ascii_letters),
    "sentry_org": "sn" + "trys_" + run("sentry", 100) + "_" + run("sentry2", 43),
    "sentry_user": "sn" + "tryu_" + run("sentryu", 64, _HEX),
    "linear": "lin" + "_api_" + run("linear", 40),
    "notion": "nt" + "n_" + run("notion", 46),
    "postman": "PM" + "AK-" + run("pm1", 24, _HEX) + "-" + run("pm2", 34, _HEX),
    "grafana": "gl" + "sa_" + run("gf", 32) + "_" + run("gf2", 8, _HEX),
    "doppler": "dp" + ".pt." + run("doppler", 43),
    "databricks": "da" + "pi" + run("databricks", 32, _HEX),
    "atlassian": "ATA" + "TT3xFfGF0" + run("atlassian", 180, _URLSAFE),
    "rubygems": "ruby" + "gems_" + run("gems", 48, _HEX),
    "age": "AGE-SEC" + "RET-KEY-1" + run("age", 58, _UPPER + "234567"),
    "terraform": run("tf1", 14) + ".atl" + "asv1." + run("tf2", 64),
    "replicate": "r" + "8_" + run("replicate", 37),
    "groq": "gs" + "k_" + run("groq", 52),
    "planetscale": "psc" + "ale_pw_" + run("ps", 43),
    "facebook": "EA" + "AG" + run("facebook", 120),
    "paypal": "access" + "_token$production$" + run("pp1", 16, _LOWER + _DIGITS) + "$" + run("pp2", 32, _HEX),
    "dsn_key": run("dsn_key", 32, _HEX),
    "dsn_secret": run("dsn_secret", 32, _HEX),
}
_DJANGO = {
    "django_secret": "djan" + "go-insecure-" + run("django", 50, _LOWER + _DIGITS + "!@#$%^&*(-_=+)"),
    "django_secret_plain": run("django_plain", 50, _LOWER + _DIGITS + "!@$%^*-_=+"),
    "hash_pbkdf2": "pbkdf2_" + "sha256$1000000$" + run("salt", 22) + "$" + _b64(hashlib.sha256(b"p").digest()),
    "hash_argon2": "argon2$" + "argon2id$v=19$m=102400,t=2,p=8$" + run("as", 22) + "$" + run("ah", 43),
    "hash_bcrypt": "$2" + "b$12$" + run("bcrypt", 53),
    "hash_bcrypt_django": "bcrypt_" + "sha256$$2" + "b$12$" + run("bcrypt2", 53),
    "hash_scrypt": "scr" + "ypt$16384$" + run("scs", 22) + "$8$5$" + _b64(hashlib.sha512(b"s").digest()),
    "hash_crypt": "$6" + "$" + run("c6s", 16) + "$" + run("c6", 86, _ALNUM + "./"),
    "hash_md5crypt": "$1" + "$" + run("m5s", 4) + "$" + run("m5", 22, _ALNUM + "./"),
    "hash_apr1": "$apr" + "1$" + run("aps", 8) + "$" + run("ap", 22, _ALNUM + "./"),
    "fernet_key": _b64(hashlib.sha256(b"fernet").digest(), urlsafe=True),
    "fernet_token": "gAA" + "AAAB" + run("fernet", 113, _URLSAFE) + "==",
    "session_id": run("session", 32, _LOWER + _DIGITS),
    "csrf": run("csrf", 64),
    "csrf_short": run("csrf32", 32),
    "drf_token": run("drf", 40, _HEX),
    "signed": _signed(_b64('{"user":4711}', urlsafe=True, pad=False), "signed"),
    "signed_session": _signed("." + run("zsession", 90, _URLSAFE), "session"),
    "timestamp_signed": "jane:1tAb3C:" + run("tss", 43, _URLSAFE),
    "uid": _b64("4711", urlsafe=True, pad=False),
    "reset": "c8x1y2-" + run("reset", 32, _HEX),
    "hex32": run("hex32", 32, _HEX),
    "hex64": run("hex64", 64, _HEX),
    "random20": run("random20", 20),
    "random43": run("random43", 43, _URLSAFE),
}
_TOKENS = {
    "jwt": _jwt({"alg": "HS256", "typ": "JWT"}, _CLAIMS, run("jwt", 43, _URLSAFE)),
    "jwt_rs": _jwt(
        {"alg": "RS256", "kid": "k1"}, {"iss": "https://id.example.com", **_CLAIMS}, run("rs", 342, _URLSAFE)
    ),
    "jwt_none": _jwt({"alg": "none"}, _CLAIMS, ""),
    "jwt_cut": _jwt({"alg": "HS256", "typ": "JWT"}, _CLAIMS, run("jwt", 11, _URLSAFE)),
    "jwe": _b64('{"alg":"RSA-OAEP","enc":"A256GCM"}', urlsafe=True, pad=False)
    + "."
    + ".".join(run(f"jwe{n}", size, _URLSAFE) for n, size in enumerate((342, 16, 80, 22))),
    "basic": _b64("jane:" + "Tr0ub4dor&3"),
    "basic_mail": _b64("jane.roe@example.com:" + "open sesame"),
    "basic_key": _b64("sk_" + "live_" + run("stripe_live", 24) + ":"),
    "opaque": run("opaque", 43, _URLSAFE),
    "json_base64": _b64('{"password":"hunter2"}'),
    "saml": "PHNhbWxwOlJlc3BvbnNl" + run("saml", 300, _ALNUM + "+/"),
}
_BLOCKS = {
    "pem_rsa": _key_block("RSA PRIVATE"),
    "pem_private": _key_block("PRIVATE"),
    "pem_ec": _key_block("EC PRIVATE"),
    "pem_encrypted": _key_block("ENCRYPTED PRIVATE"),
    "pem_openssh": _armour("OPENSSH PRIVATE" + " KEY", "b3BlbnNzaC1rZXktdjEAAAAA" + run("ossh", 320, _ALNUM + "+/")),
    "pgp_private": _armour(
        "PGP PRIVATE" + " KEY BLOCK", run("pgp", 300, _ALNUM + "+/"), headers="Version: GnuPG v2\n\n"
    ),
    "ssh_public": "AAAAC3NzaC1lZDI1NTE5AAAAI" + run("sshpub", 43, _ALNUM + "+/"),
}
_BLOCKS |= {name + "_escaped": block.replace("\n", "\\n") for name, block in _BLOCKS.items() if name.startswith("pem")}
_BLOCKS["pem_cut"] = _BLOCKS["pem_rsa"][:200]
_BLOCKS["pem_line"] = run("pem_line", 64, _ALNUM + "+/")

FAKES: dict[str, str] = _AWS | _GOOGLE_AZURE | _VENDORS | _DJANGO | _TOKENS | _BLOCKS
_BLIND = {f"blind_{name}": value for name, value in fakes_blind.FAKES.items()}

_NAME = re.compile(r"\$\{([a-z0-9_]+)\}")


def expand(text: str) -> str:
    """`text` with every `${name}` of a fake put in; names that are no fake stay as they are."""
    return _NAME.sub(lambda match: FAKES.get(match[1]) or _BLIND.get(match[1]) or match[0], text)

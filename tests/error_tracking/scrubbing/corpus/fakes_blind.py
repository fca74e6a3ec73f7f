"""Made-up secrets of the cases in `*_blind.jsonl`, written without sight of the rules; see fakes.py."""

import base64
import hashlib
import json
import string

_ALNUM = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_LOWER = string.ascii_lowercase + string.digits
_HEX = "0123456789abcdef"
_B64 = _ALNUM + "+/"
_URL = _ALNUM + "-_"


def _fill(seed: str, length: int, alphabet: str = _ALNUM) -> str:
    """``length`` characters of ``alphabet`` that depend on ``seed`` alone."""
    out: list[str] = []
    block = 0
    while len(out) < length:
        digest = hashlib.sha256(f"{seed}:{block}".encode()).digest()
        out.extend(alphabet[byte % len(alphabet)] for byte in digest)
        block += 1
    return "".join(out[:length])


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _jwt(payload: dict[str, object], seed: str) -> str:
    head = _b64url(json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":")).encode())
    body = _b64url(json.dumps(payload, separators=(",", ":")).encode())
    return ".".join((head, body, _fill(seed, 43, _URL)))


def _block(label: str, *lines: str) -> str:
    dashes = "-" * 5
    return "\n".join((f"{dashes}BEGIN {label}{dashes}", *lines, f"{dashes}END {label}{dashes}"))


def _basic(pair: str) -> str:
    return base64.b64encode(pair.encode()).decode()


_PEM1 = "MIIEow" + "IBAAKCAQEA" + _fill("pem1", 48, _B64)
_PEM2 = _fill("pem2", 64, _B64)
_PEM3 = _fill("pem3", 38, _B64) + "=="
_SSH_BODY = "AAAAC3NzaC1lZDI1NTE5" + "AAAAI" + _fill("ssh_pub", 43, _B64)

FAKES: dict[str, str] = {
    "aws_id": "AKI" + "A" + _fill("aws_id", 16, _UPPER),
    "aws_tmp": "ASI" + "A" + _fill("aws_tmp", 16, _UPPER),
    "aws_secret": _fill("aws_secret", 40, _B64),
    "aws_session": "IQoJb3JpZ2luX2Vj" + _fill("aws_session", 120, _B64),
    "aws_sig": _fill("aws_sig", 64, _HEX),
    "gcp_key": "AI" + "za" + _fill("gcp_key", 35, _URL),
    "google_access": "ya" + "29." + _fill("google_access", 68, _URL),
    "google_client": "GOC" + "SPX-" + _fill("google_client", 28, _URL),
    "google_refresh": "1/" + "/0" + _fill("google_refresh", 60, _URL),
    "stripe_live": "sk_" + "live_" + _fill("stripe_live", 24),
    "stripe_test": "sk_" + "test_" + _fill("stripe_test", 24),
    "stripe_rk": "rk_" + "live_" + _fill("stripe_rk", 24),
    "stripe_whsec": "whs" + "ec_" + _fill("stripe_whsec", 32),
    "stripe_cs": "pi_" + _fill("pi", 24) + "_sec" + "ret_" + _fill("stripe_cs", 25),
    "gh_pat": "gh" + "p_" + _fill("gh_pat", 36),
    "gh_fine": "github" + "_pat_" + _fill("gh_fine1", 22) + "_" + _fill("gh_fine2", 59),
    "gh_oauth": "gh" + "o_" + _fill("gh_oauth", 36),
    "gh_app": "gh" + "s_" + _fill("gh_app", 36),
    "gitlab": "glp" + "at-" + _fill("gitlab", 20, _URL),
    "gitlab_runner": "glr" + "t-" + _fill("gitlab_runner", 20, _URL),
    "slack_bot": "xo" + "xb-" + "2048123456-2048654321-" + _fill("slack_bot", 24),
    "slack_user": "xo" + "xp-" + "2048123456-2048654321-2048777777-" + _fill("slack_user", 32, _HEX),
    "slack_app": "xa" + "pp-1-A012B3CD4EF-" + "2048123456789-" + _fill("slack_app", 64, _HEX),
    "slack_path": "T" + _fill("slack_t", 8, _UPPER) + "/B" + _fill("slack_b", 8, _UPPER) + "/" + _fill("slack_h", 24),
    "slack_hook_key": _fill("slack_h", 24),
    "openai": "sk-" + "proj-" + _fill("openai", 48, _URL),
    "openai_old": "sk" + "-" + _fill("openai_o1", 20) + "T3Blbk" + "FJ" + _fill("openai_o2", 20),
    "anthropic": "sk-" + "ant-api03-" + _fill("anthropic", 93, _URL) + "AA",
    "sendgrid": "S" + "G." + _fill("sendgrid1", 22, _URL) + "." + _fill("sendgrid2", 43, _URL),
    "twilio_sid": "A" + "C" + _fill("twilio_sid", 32, _HEX),
    "twilio_key": "S" + "K" + _fill("twilio_key", 32, _HEX),
    "twilio_auth": _fill("twilio_auth", 32, _HEX),
    "npm": "np" + "m_" + _fill("npm", 36),
    "pypi": "py" + "pi-AgEIcHlwaS5vcmc" + _fill("pypi", 90, _URL),
    "docker": "dck" + "r_pat_" + _fill("docker", 27, _URL),
    "vault": "hv" + "s." + _fill("vault", 90, _URL),
    "mailgun": "ke" + "y-" + _fill("mailgun", 32, _HEX),
    "discord_bot": "MTA" + _fill("discord1", 21) + "." + _fill("discord2", 6) + "." + _fill("discord3", 38, _URL),
    "discord_hook": _fill("discord_hook", 68, _URL),
    "telegram": "512345678" + ":AA" + _fill("telegram", 33, _URL),
    "heroku": "HRK" + "U-AA" + _fill("heroku", 58, _URL),
    "digitalocean": "dop" + "_v1_" + _fill("do", 64, _HEX),
    "shopify": "shp" + "at_" + _fill("shopify", 32, _HEX),
    "square": "sq0" + "atp-" + _fill("square", 22, _URL),
    "hex32": _fill("hex32", 32, _HEX),
    "hex40": _fill("hex40", 40, _HEX),
    "hex64": _fill("hex64", 64, _HEX),
    "newrelic": "NRA" + "K-" + _fill("newrelic", 27, _UPPER),
    "cloudflare": _fill("cloudflare", 40, _URL),
    "hf": "h" + "f_" + _fill("hf", 34, string.ascii_letters),
    "azure_key": _fill("azure_key", 86, _B64) + "==",
    "azure_sig": _fill("azure_sig", 43) + "%3D",
    "sentry_tok": "sntr" + "ys_" + _fill("sentry_tok", 80),
    "atlassian": "ATA" + "TT3xFfGF0" + _fill("atlassian", 60, _URL),
    "postman": "PMA" + "K-" + _fill("postman1", 24, _HEX) + "-" + _fill("postman2", 34, _HEX),
    "groq": "gs" + "k_" + _fill("groq", 52),
    "grafana": "gls" + "a_" + _fill("grafana", 32) + "_" + _fill("grafana2", 8, _HEX),
    "linear": "lin" + "_api_" + _fill("linear", 40),
    "doppler": "dp." + "pt." + _fill("doppler", 43),
    "mailchimp": _fill("mailchimp", 32, _HEX) + "-us" + "12",
    "supabase": "sb" + "p_" + _fill("supabase", 40, _HEX),
    "notion": "nt" + "n_" + _fill("notion", 46),
    "age": "AGE-SECRET" + "-KEY-1" + _fill("age", 58, _UPPER),
    "fernet_key": _fill("fernet_key", 43, _URL) + "=",
    "fernet_tok": "gAA" + "AAAB" + _fill("fernet_tok", 130, _URL) + "==",
    "django_secret": "django-" + "insecure-" + _fill("dj", 42, _LOWER + "!@#$%^&*(-_=+)"),
    "django_secret_plain": _fill("djplain", 50, _LOWER + "@#^*(-_=+)"),
    "pbkdf2": "pbkdf2" + "_sha256$870000$" + _fill("salt", 22) + "$" + _fill("pbkdf2", 43, _B64) + "=",
    "pbkdf2_hash": _fill("pbkdf2", 43, _B64) + "=",
    "argon2": "argon2" + "$argon2id$v=19$m=102400,t=2,p=8$" + _fill("as", 22, _B64) + "$" + _fill("ah", 43, _B64),
    "argon2_hash": _fill("ah", 43, _B64),
    "bcrypt": "$2" + "b$12$" + _fill("bcrypt", 53, _ALNUM + "./"),
    "bcrypt_hash": _fill("bcrypt", 53, _ALNUM + "./"),
    "scrypt": "scr" + "ypt$16384$" + _fill("ss", 22) + "$8$5$" + _fill("sh", 86, _B64) + "==",
    "scrypt_hash": _fill("sh", 86, _B64) + "==",
    "crypt6": "$6" + "$" + _fill("c6s", 16) + "$" + _fill("c6", 86, _ALNUM + "./"),
    "signed": "ImphbmUi" + ":1tGx" + _fill("sg1", 2) + ":" + _fill("sg2", 43, _URL),
    "signed_sig": _fill("sg2", 43, _URL),
    "jwt": _jwt({"token_type": "access", "exp": 1732450000, "user_id": 42}, "jwt"),
    "jwt_cut": _jwt({"sub": "7"}, "jwt_cut").rsplit(".", 1)[0],
    "jwt_sig": _fill("jwt", 43, _URL),
    "jwt_mail": _jwt({"sub": "7f3", "email": "jane.doe@acme-mail.com"}, "jwt_mail"),
    "jwt_mail_sig": _fill("jwt_mail", 43, _URL),
    "sessionid": _fill("sessionid", 32, _LOWER),
    "csrf": _fill("csrf", 64),
    "csrf32": _fill("csrf32", 32),
    "opaque": _fill("opaque", 40),
    "opaque2": _fill("opaque2", 40),
    "short": _fill("short", 20),
    "drf": _fill("drf", 40, _HEX),
    "knox": _fill("knox", 64, _HEX),
    "reset": "cfk3zr-" + _fill("reset", 32, _HEX),
    "basic": _basic("jane.doe:S3cr3t!pw"),
    "basic_api": _basic("apikey-7781:x"),
    "pem_l1": _PEM1,
    "pem_l2": _PEM2,
    "pem_l3": _PEM3,
    "pem_rsa": _block("RSA PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3),
    "pem_pkcs8": _block("PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3),
    "pem_ec": _block("EC PRIV" + "ATE KEY", _PEM1, _PEM3),
    "pem_enc": _block("ENCRYPTED PRIV" + "ATE KEY", _PEM1, _PEM2),
    "pem_openssh": _block("OPENSSH PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3),
    "pem_esc": _block("PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3).replace("\n", "\\n"),
    "pem_esc2": _block("PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3).replace("\n", "\\\\n"),
    "pem_cut": _block("RSA PRIV" + "ATE KEY", _PEM1, _PEM2, _PEM3).rsplit("\n", 2)[0],
    "pgp": _block("PGP PRIV" + "ATE KEY BLOCK", "", _PEM2, _PEM3),
    "putty": "PuTTY-User-Key" + "-File-3: ssh-ed25519\nPrivate-Lines: 1\n" + _PEM3,
    "ssh_pub": "ssh-" + "ed25519 " + _SSH_BODY,
    "ssh_body": _SSH_BODY,
    "pem_cert_head": "-" * 5 + "BEGIN CERT" + "IFICATE" + "-" * 5,
    "pem_public_head": "-" * 5 + "BEGIN PUB" + "LIC KEY" + "-" * 5,
    "dsn_key": _fill("dsn_key", 32, _HEX),
    "dsn_secret": _fill("dsn_secret", 32, _HEX),
    "perplexity": "pp" + "lx-" + _fill("perplexity", 48),
    "brevo": "xkey" + "sib-" + _fill("brevo", 64, _HEX) + "-" + _fill("brevo2", 16),
    "airtable": "pa" + "t" + _fill("airtable", 14) + "." + _fill("airtable2", 64, _HEX),
    "member_token": _fill("member_token", 32),
}

# the second half of each: a scrubber that removes only the beginning has not caught it
FAKES.update({f"{name}_tail": value[len(value) // 2 :] for name, value in FAKES.items()})

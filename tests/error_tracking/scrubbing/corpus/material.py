"""What `generate.py` multiplies: notations, keys, secrets, spellings, sentences, places of an event."""

from typing import Any

from .fakes import FAKES, run

KEYS = """
password passwd pwd userPassword user_password USER_PASSWORD db-password new_password1 passphrase secret client_secret
clientSecret CLIENT_SECRET app.secret token access_token accessToken refresh-token X-Auth-Token csrfmiddlewaretoken
api_key apiKey API-KEY X-API-Key APIKEY secret_key SECRET_KEY private_key privateKey aws_secret_access_key session_id
sessionid SESSION_KEY sessionToken authorization credentials otp mfa_code webhook_secret signing_key encryptionKey
""".split()

NOTATIONS: dict[str, list[str]] = {
    "text": [
        "@K@=@V@",
        "@K@=@V@ page=3",
        "login failed: @K@=@V@, page=3",
        "@K@: @V@",
        "@K@ = @V@",
        "HOST=web\n@K@=@V@\nPORT=80",
        "web:\n  @K@: @V@\n  port: 80",
        "export @K@=@V@; make run",
        "--@K@=@V@ --verbose",
        "--@K@ @V@ --verbose",
        "page=3&@K@=@V@&size=large",
        "[@K@=@V@] rejected",
        "<@K@>@V@</@K@><page>three</page>",
        "b'page=3&@K@=@V@'",
        "['deploy', '--@K@', '@V@', '--fast']",
        "GET /photos HTTP/1.1\r\nHost: example.com\r\n@K@: @V@\r\nAccept: text/html\r\n\r\n",
        "next=%2Fphotos%3F@K@%3D@V@%26page%3D2",
        "docker run -e @K@=@V@ postgres",
        "@K@=@V@|page=3",
        "@K@ => @V@\npage => 3",
    ],
    "json": [
        '{"@K@": "@V@", "page": 3}',
        '{"page":3,"@K@":"@V@"}',
        '{"user": {"@K@": "@V@"}, "page": 3}',
        '{"list": [{"@K@": "@V@"}, {"page": 3}]}',
        '{"@K@": ["@V@"], "page": 3}',
        '{"page": 3, "@K@": "@V@',
        'body was b\'{"@K@": "@V@", "page": 3}\'',
        '@K@="@V@" page=3',
        'const @K@ = "@V@"; // page',
        '<input name="@K@" value="@V@" class="wide">',
    ],
    "repr": [
        "{'@K@': '@V@', 'page': 3}",
        "{'page': 3, '@K@': '@V@'}",
        "{'@K@': ['@V@'], 'page': ['3']}",
        "<QueryDict: {'@K@': ['@V@'], 'page': ['3']}>",
        "[('page', '3'), ('@K@', '@V@')]",
        "{('@K@', '@V@'), ('page', '3')}",
        "OrderedDict([('@K@', '@V@'), ('page', 3)])",
        "call(@K@='@V@', page=3)",
        "Model(page=3, @K@='@V@')",
        "kwargs={'@K@': '@V@', 'timeout': 5}",
        "self.@K@='@V@'",
        "@K@='@V@' page=3",
        "headers: [(b'host', b'example.com'), (b'@K@', b'@V@')]",
        "UPDATE accounts SET @K@ = '@V@' WHERE page = 3",
    ],
    "url": [
        "/photos?page=3&@K@=@V@",
        "/photos?@K@=@V@&page=3#top",
        "Not Found: /photos/?@K@=@V@",
        "form: page=3&@K@=@V@",
    ],
}
_PLAIN = [
    "hunter2x",
    "sunshine",
    "Tr0ub4dor-3",
    "${random20}",
    "${hex32}",
    "zxcvbn99",
    "${random43}",
    "Passw0rd",
    "x9Yz",
]
VALUES: dict[str, list[str]] = {
    "text": [*_PLAIN, "p@ssw0rd", "a.b-c_d9", "s3cr3t!", "${drf_token}", "geheim\u00df9"],
    "json": [
        *_PLAIN,
        "correct horse battery",
        "it's mine",
        "alpha&beta=gamma#d",
        "p@ss;w0rd",
        "{curly}9",
        "p\u00e4ss w\u00f6rd",
    ],
    "repr": [
        *_PLAIN,
        "correct horse battery",
        "alpha&beta=gamma#d",
        "p@ss,w0rd",
        "[square]9",
        "\u5bc6\u78bc\u5f88\u5b89\u5168",
    ],
    "url": [*_PLAIN, "hunter%202", "p%40ssw0rd%21", "alpha%26beta%3Dc9", "%68unter%32"],
}

_ADDRESSES = """
jane.roe@example.com jane.roe+tag@example.com J_ROE@MAIL.SUB.EXAMPLE.CO.UK jane.roe%40example.com
jane.roe%2540example.com jane.roe&#64;example.com jane.roe&#x40;example.com jane.roe\\u0040example.com
jane.roe\\x40example.com j\u00fcrgen@b\u00fccher.example jane.roe@xn--bcher-kva.example o'brien@example.com
jane.roe\uff20example.com jane\u200b.roe@example.com jane.roe@\u2060example.com \uff4aane.roe@example.com
jane.roe=40example.com jane.roe&commat;example.com 4711@example.museum x@y.io
""".split()
_ADDRESS_TEXTS = [
    "User @V@ not found",
    "<User: @V@>",
    '{"to": "@V@", "page": 3}',
    "args=('@V@', 3)",
    "Key (email)=(@V@) already exists.",
    "/users/@V@/photos",
    "GET /search?q=@V@&page=3 HTTP/1.1",
    "mailto:@V@?subject=hello",
    "cache:user:@V@:profile missed",
    "From: <@V@>\nSubject: hello",
    "WHERE email = '@V@' LIMIT 21",
    "first line\n@V@\nlast line",
    "(@V@), done",
    "id;@V@;active",
    "rcpt @V@: mailbox full",
]
_SECRETS = [
    "${" + name + "}" for name in FAKES if not name.startswith(("uid", "ssh_", "pem_line", "pem_cut", "hex", "random"))
]
_BARE = """
aws_secret aws_signature azure_storage azure_sas twilio_token datadog cloudflare dsn_key dsn_secret drf_token csrf
csrf_short session_id opaque basic basic_mail basic_key django_secret_plain fernet_key saml timestamp_signed
discord_hook slack_hook aws_session google_refresh mailchimp telegram reset
""".split()
_SHAPED = [secret for secret in _SECRETS if secret[2:-1] not in _BARE]
_SECRET_TEXTS = [
    "@V@",
    "rejected @V@ today",
    "'@V@' is not valid",
    '{"note": "@V@", "page": 3}',
    "args=('@V@', 3), retry",
    "first line\n@V@\nlast line",
    "value=@V@ page=3",
    "<b>@V@</b> bold",
]
_CARDS = """
4111111111111111 4111-1111-1111-1111 4242424242424242 5555555555554444 5555-5555-5555-4444 378282246310005
3782-822463-10005 6011111111111117 30569309025904 3530111333300000 2223003122003222
""".split()
_CARDS += ["4111 1111 1111 1111", "5105 1051 0510 5100", "3714 496353 98431", "4012\u00a08888\u00a08888\u00a01881"]
_CARD_TEXTS = [
    "card @V@ declined",
    "paid with @V@.",
    "args=('@V@', 2000)",
    "VALUES ('@V@', 'EUR')",
    '{"number": "@V@", "year": 2027}',
    "order:@V@:failed",
    "first line\n@V@\nlast line",
]
_PHONES = [
    "+4915112345678",
    "+49 151 12345678",
    "+14155552671",
    "+1 (415) 555-2671",
    "+44 20 7946 0958",
    "+33 6 12 34 56 78",
]
_PHONE_TEXTS = [
    "call @V@ now",
    "SMS to @V@ failed",
    "Key (phone)=(@V@) already exists.",
    '{"to": "@V@", "page": 3}',
    "args=('@V@',), retry",
    "phone: @V@, page 3",
    "my number is @V@",
    "tel:@V@ clicked",
]
_IPS = """
203.0.113.77 198.51.100.23 8.8.4.4 10.20.30.40 192.168.1.77 2001:db8:85a3::8a2e:370:7334 2001:db8::ff00:42:8329
2a02:908:1a2b:3c4d:5e6f:7a8b:9c0d:1e2f fe80::1ff:fe23:4567:890a
""".split()
_IP_TEXTS = [
    "client @V@ connected",
    "X-Forwarded-For: @V@",
    "REMOTE_ADDR=@V@ page=3",
    "{'ip': '@V@', 'page': 3}",
    '@V@ - - [01/Jan/2024:00:00:00 +0000] "GET /photos HTTP/1.1" 200 512',
    "blocked (@V@) for an hour",
    "args=('@V@',), retry",
    "inet '@V@' is blocked",
]
_IBANS = ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300"]
_IBANS += ["DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19"]
_NATIONAL = ["536-90-4399", "756.9217.0769.85", "111.444.777-35", "RSSMRA85T10A562S", "85.07.30-033.28"]
_ID_SENTENCES = [
    "customer @V@ unknown",
    "Key (nid)=(@V@) already exists.",
    '{"note": "@V@", "page": 3}',
    "args=('@V@', 3)",
]

FOUND_BY_SHAPE: list[tuple[str, list[str], list[str]]] = [
    ("email", _ADDRESSES, _ADDRESS_TEXTS),
    ("secret_by_shape", _SHAPED, _SECRET_TEXTS),
    ("card", _CARDS, _CARD_TEXTS),
    ("phone", _PHONES, _PHONE_TEXTS),
    ("ip", _IPS, _IP_TEXTS),
    ("iban", _IBANS, _CARD_TEXTS),
    ("national_id", _NATIONAL, _ID_SENTENCES),
]

SCHEMES = "postgres postgresql+psycopg mysql redis rediss amqp mongodb+srv https ftp".split()
URL_PASSWORDS = [
    "hunter2x",
    "p%40ss%2Fw",
    "p@ssw0rd",
    "s3cr3t:x",
    "alph#beta?c&d9",
    "${random20}",
    "p\u00e4ssw\u00f6rd",
]
URL_SENTENCES = ["cannot reach @V@", "URL='@V@' invalid", '{"url": "@V@", "tries": 3}', "Error for url: @V@\nretrying"]
QUERY_KEYS = """
token access_token api_key apikey key password secret sig signature code state session_id auth client_secret otp
X-Amz-Signature id_token invite_token Token TOKEN api-key
""".split()
QUERY_VALUES = ["${random20}", "${random43}", "${hex32}", "${drf_token}"]

IN_EVENTS: list[tuple[str, tuple[str, str, str]]] = [
    ("email", ("mail to ", "jane.roe@example.com", " bounced")),
    ("password", ("login with password=", "hunter2x", " failed")),
    ("bearer", ("sent Bearer ", "${opaque}", " upstream")),
    ("jwt", ("got ", "${jwt}", " rejected")),
    ("vendor", ("charge with ", "${stripe_live}", " refused")),
    ("card", ("card ", "4242424242424242", " declined")),
    ("ip", ("client ", "203.0.113.77", " blocked")),
    ("phone", ("sms to ", "+14155552671", " failed")),
    ("iban", ("pay to ", "DE89370400440532013000", " failed")),
    ("url", ("reach postgres://app:", "hunter2x", "@db/main first")),
    ("json", ('body {"api_key": "', "${random20}", '", "page": 3}')),
    ("repr", ("vars {'secret': '", "correct horse battery", "', 'page': 3}")),
]
PLACES: list[Any] = [
    {"message": "@V@"},
    {"logentry": {"message": "%s", "params": ["@V@"]}},
    {"logentry": {"formatted": "@V@", "message": "%s"}},
    {"exception": {"values": [{"type": "ValueError", "value": "@V@"}]}},
    {"exception": {"values": [{"stacktrace": {"frames": [{"vars": {"text": "@V@"}}]}}]}},
    {"exception": {"values": [{"stacktrace": {"frames": [{"context_line": "@V@", "pre_context": ["x = 1"]}]}}]}},
    {"exception": {"values": [{"mechanism": {"data": {"notes": ["@V@"]}}}]}},
    {"breadcrumbs": {"values": [{"category": "app", "message": "@V@"}]}},
    {"breadcrumbs": {"values": [{"category": "app", "data": {"detail": ["@V@"]}}]}},
    {"tags": {"detail": "@V@"}},
    {"tags": [["detail", "@V@"]]},
    {"extra": {"detail": "@V@"}},
    {"contexts": {"task": {"detail": {"args": ["@V@"]}}}},
    {"spans": [{"op": "app", "description": "@V@"}]},
    {"spans": [{"op": "app", "data": {"detail": "@V@"}}]},
    {"threads": {"values": [{"name": "@V@"}]}},
    {"fingerprint": ["detail", "@V@"]},
    {"request": {"data": {"comment": "@V@"}}},
    {"attributes": {"detail": {"value": "@V@", "type": "string"}}},
    {"a": {"b": [{"c": {"d": [[{"e": {"f": {"g": "@V@"}}}]]}}]}},
]

INNOCENT_PAIRS = [
    ("per_page", "50"),
    ("token_count", "42"),
    ("max_tokens", "1024"),
    ("author", "12"),
    ("author_id", "4711"),
    ("passwordless", "true"),
    ("session_count", "3"),
    ("cache_key", "photos:12"),
    ("sort_key", "created"),
    ("keyword", "sunset"),
    ("token_type", "bearer"),
    ("compass", "north"),
    ("bypass", "cache"),
    ("mapping", "a-b"),
    ("spinner", "dots"),
    ("status_code", "404"),
    ("language_code", "en-us"),
    ("error_code", "1045"),
    ("tokenizer", "bert-base"),
    ("monkey", "patch"),
    ("authority", "example.com"),
    ("microphone", "on"),
    ("wildcard", "off"),
    ("hostname", "web-1"),
    ("user_id", "123e4567-e89b-12d3-a456-426614174000"),
    ("release", "goimg@1.4.2"),
    ("etag", "33a64df551425fcc55e4d42a148795d9f25f89d4"),
    ("created", "2024-01-01T12:00:00Z"),
    ("title", "a walk by the sea"),
    ("secretary", "office 12"),
]
BARE_NOTATIONS = [
    "@K@=@V@",
    "@K@: @V@, page: 3",
    '{"@K@": @V@, "page": 3}',
    "{'page': 3, '@K@': @V@}",
    "call(@K@=@V@, page=3)",
]
EMPTY = ["None", '""', "[REDACTED]", "null"]

NAMES = "password token secret api_key client_secret access_token session_key credentials otp email phone name".split()
CODE = [
    '@K@ = request.POST["@K@"]',
    '@K@ = request.POST.get("@K@")',
    "@K@ = form.cleaned_data['@K@']",
    '@K@ = os.environ["APP_VALUE"]',
    "@K@ = settings.APP_VALUE",
    "@K@ = self.@K@",
    "@K@=@K@,",
    "def check(self, @K@):",
    "def check(self, @K@: str, page: int = 1) -> bool:",
    "@K@: str | None = None",
    "@K@: str = Field(min_length=8)",
    "@K@ = models.CharField(max_length=128)",
    "@K@ = serializers.CharField(write_only=True)",
    "if not @K@:",
    "if @K@ is None:",
    "if user.check(@K@):",
    "if @K@ != other:",
    "for @K@ in values:",
    "return @K@",
    "del @K@",
    'raise ValueError("@K@ must not be empty")',
    "KeyError: '@K@'",
    "TypeError: check() missing 1 required positional argument: '@K@'",
    "AttributeError: 'Request' object has no attribute '@K@'",
    'f"value {@K@} here"',
    'SELECT "users"."@K@" FROM "users" WHERE "users"."@K@" = %s',
    "UPDATE users SET @K@ = $1 WHERE id = $2",
    "ALTER TABLE users ADD COLUMN @K@ varchar(128) NOT NULL",
    'null value in column "@K@" of relation "users" violates not-null constraint',
    'column "@K@" does not exist',
    '<label for="id_@K@">Label</label>',
    '<input type="text" name="@K@" id="id_@K@" required>',
    "{{ form.@K@ }}",
    "    data.pop('@K@', None)",
    "lambda @K@: len(@K@)",
    "fields = ['id', '@K@', 'created']",
]
FIELDS = [
    "password",
    "token",
    "API key",
    "secret",
    "session",
    "e-mail",
    "phone number",
    "username",
    "card",
    "PIN",
    "passport",
]
SENTENCES = [
    "@K@ is required",
    "The @K@ field is required.",
    "@K@ must not be empty",
    "@K@ has expired",
    "@K@ was changed",
    "Invalid @K@",
    "invalid @K@.",
    "@K@ not found",
    "Missing @K@ in request",
    "Enter a valid @K@.",
    "No @K@ provided",
    "Your @K@ is too short",
    "wrong @K@, try again",
    "cannot validate @K@: ValueError",
    '{"detail": "@K@ is invalid"}',
    "checking @K@ took 12 ms",
]
IDENTIFIERS = [
    "123e4567-e89b-12d3-a456-426614174000",
    "9fac2b1d3e4f4a5b8c7d6e5f4a3b2c1d",
    "3f786850e387550fdab836ed7e6dc881de23001b",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "507f1f77bcf86cd799439011",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "3f78685",
    "sha256:3f57d9401f8d42f986df300f0c69192fc41da28ccc8d797829467780db3dd741",
    "0x7f3c2d1e5a90",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "photos_photo_owner_id_3f2a1b0c_fk_accounts_user_id",
    "goimg-7d9f8b6c5d-x2x4z",
]
ID_TEXTS = [
    "@V@",
    "photo @V@ stored",
    "id=@V@ page=3",
    "'@V@'",
    '{"id": "@V@"}',
    "/photos/@V@/thumb",
    "(@V@)",
    "x:@V@:y",
    "@V@\n",
]
NUMBERS = [run(f"number{n}", 9 + n % 11, "0123456789").lstrip("0") or "7" for n in range(70)]
NUMBER_TEXTS = ["order @V@ created", "id=@V@", '{"offset": @V@}', "[@V@, 3]", "photo_@V@.jpg", "took @V@ ns"]
VERSIONS = ["1.2.3.4", "120.0.6099.109", "10.0.19045.3803", "4.8.1.2", "31.0.15.4601", "2024.1.1.1200"]
VERSION_TEXTS = [
    "version @V@",
    "Chrome/@V@",
    "pkg==@V@",
    "driver v@V@ loaded",
    "Version: @V@",
    "app-@V@.tar.gz",
    "build version=@V@",
]
HARMLESS_TEXTS = [
    "unexpected token < at position 5",
    "password field is required",
    "git@github.com:example/goimg.git",
    "x[::-1] is reversed",
    "listening at 127.0.0.1:8000",
    "order 4111111111111112 created",
    "SELECT id FROM users WHERE email = %s",
    "Chrome/120.0.6099.109 Safari/537.36",
    "def login(self, email, password):",
    "2024-01-01T12:00:00.123456+00:00",
    "img@2x.png 404",
    "photo 123e4567-e89b-12d3-a456-426614174000 stored",
]

"""Keys that say whose they are: vendors give them a prefix, or hand them out as an address."""

from .. import policy
from .rule import DIGITS, Anchored, Rule, keeping, matches

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
    r"glc_[A-Za-z0-9+/=_-]{32,512}",  # Grafana Cloud
    r"phx_[A-Za-z0-9]{32,64}",  # PostHog
    r"HRKU-[A-Za-z0-9_-]{30,80}",  # Heroku
    r"pplx-[A-Za-z0-9]{32,64}",  # Perplexity
    r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}",  # Brevo
    r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",  # Airtable
    r"xai-[A-Za-z0-9]{40,128}",
    r"nvapi-[A-Za-z0-9_-]{40,128}",  # Nvidia
    r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",  # LangSmith
    r"pul-[0-9a-f]{40}",  # Pulumi
    r"CFPAT-[A-Za-z0-9_-]{40,64}",  # Contentful
    r"bkua_[0-9a-f]{40}",  # Buildkite
    r"CCIP(?:AT|RJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}",  # CircleCI
    r"ATBB[A-Za-z0-9]{24,40}",  # Bitbucket
    r"LTAI[A-Za-z0-9]{16,24}",  # Alibaba
    r"nfp_[A-Za-z0-9]{36,64}",  # Netlify
    r"SWMTKN-1-[0-9a-z]{40,60}-[0-9a-z]{20,30}",  # Docker Swarm
    r"4/0A[A-Za-z0-9_-]{30,128}",  # Google's code for a token
    r"gAAAAA[A-Za-z0-9_-]{40,8192}={0,2}",  # a Fernet token
    r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    r"[vk][1-4]\.(?:local|public|secret)\.[A-Za-z0-9_-]{40,8192}(?:\.[A-Za-z0-9_-]{1,512})?",  # PASETO, PASERK
    r"django-insecure-[A-Za-z0-9!@#$%^&*(\-_=+)]{20,80}",  # what startproject writes as SECRET_KEY
)


def _has_form(text: str) -> bool:
    # A CSS class, sk-toolbar__container, is no key.
    return any(map(str.isdigit, text)) or ("_" in text and not text.startswith("sk-"))


RULES = (
    Rule(
        "key",
        "Keys of well-known vendors have prefixes of their own, so that scanners can find them.",
        r"[srp]k_(?:live|test|prod)_|whsec_|sk-|gh[opusr]_|_pat_|gl[a-z]{2,5}-|xox[a-z]-|xapp-|(?:akia|asia|aroa|aida|abia|acca)[a-z0-9]"
        r"|aiza|ya29\.|gocspx|1//0|sg\.|(?:ac|sk)[0-9a-f]{32}|key-[0-9a-f]{32}|-us[0-9]|npm_|pypi-|dckr_|hv[sbr]\.|\bs\.[a-z0-9]{24}"
        r"|do[por]_v1|shp[a-z]{2}_|sq0|eaaa|nr(?:ak|ii|js)-|hf_|sntry|lin_|figd_|rubygems_|pmak-|atatt3|atctt3|ops_ey|tskey-"
        r"|\dq~|sbp_|_secret_|\dq~|sbp_|_secret_|:aa[\w-]{30}|ntn_|secret_|gl(?:sa|c)_|phx_|dp\.[a-z]{2,5}\.|dapi[0-9a-f]|atlasv1|r8_|gsk_|pscale_|eaa[a-z0-9]{20}|access_token\$|[\w-]{22}\.[\w-]{6}\.[\w-]{27}|hrku-|gaaaaa|age-secret|django-insecure|[vk][1-4]\.(?:local|public|secret)\."
        r"|pplx-|xkeysib-|\bpat[a-z0-9]{14}\.|xai-|nvapi-|lsv2_|pul-[0-9a-f]|cfpat-|bkua_|ccip(?:at|rj)_|atbb|ltai|nfp_|swmtkn|4/0a",
        matches(
            r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=/bot))(?:" + "|".join(_VENDOR_KEYS) + r")(?![A-Za-z0-9])",
            lambda match: policy.KEY if _has_form(match[0]) else match[0],
        ),
        needs=DIGITS + "_",
        least=16,
        sketch=(
            r"[srp]k_(?:live|test|prod)_",
            r"whsec_",
            Anchored(r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)sk-", r"[\w-]{8}"),
            r"gh[opusr]_",
            r"_pat_",
            r"gl(?:pat|ptt|dt|rt|oas|ft|cbt|agent|imt|soat)-",
            r"xox[a-z]-",
            r"xapp-",
            r"(?:akia|asia|aroa|aida|abia|acca)[a-z0-9]",
            r"aiza",
            r"ya29\.",
            r"gocspx",
            r"1//0",
            Anchored(r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)sg\.", r"[\w-]{10}"),
            Anchored(r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)(?:ac|sk)[0-9a-f]{4}", r"[0-9a-f]{28}"),
            Anchored(r"key-[0-9a-f]", r"[0-9a-f]{31}"),
            r"[0-9a-f]-us[0-9]",
            Anchored(r"npm_", r"[a-z0-9]{30}"),
            Anchored(r"pypi-", r"[\w-]{16}"),
            r"dckr_",
            r"hv[sbr]\.",
            Anchored(r"(?:[^a-z0-9]|%[0-9a-f]{2}|/bot)s\.", r"[a-z0-9]{24}"),
            r"do[por]_v1",
            r"shp(?:at|ca|pa|ss)_",
            r"sq0",
            Anchored(r"eaaa", r"[\w-]{8}"),
            r"nr(?:ak|ii|js)-",
            Anchored(r"hf_", r"[a-z0-9]{24}"),
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
            Anchored(r"\d:aa", r"[\w-]{30}"),
            r"ntn_",
            Anchored(r"secret_", r"[a-z0-9]{43}"),
            r"gl(?:sa|c)_",
            Anchored(r"phx_", r"[a-z0-9]{32}"),
            r"dp\.(?:pt|st|ct|sa|scim|audit)\.",
            Anchored(r"dapi", r"[0-9a-f]{32}"),
            r"atlasv1",
            Anchored(r"r8_", r"[a-z0-9]{30}"),
            r"gsk_",
            r"pscale_",
            Anchored(r"eaa", r"[a-z0-9]{12}"),
            r"access_token\$",
            Anchored(r"\.[\w-]{6}\.", r"[\w-]{27}", r"[\w-]{22}"),
            r"hrku-",
            r"gaaaaa",
            Anchored(r"pplx-", r"[a-z0-9]{32}"),
            r"xkeysib-",
            Anchored(r"(?:[^a-z0-9]|%[0-9a-f]{2})pat", r"[a-z0-9]{14}\."),
            Anchored(r"xai-", r"[a-z0-9]{40}"),
            r"nvapi-",
            r"lsv2_",
            Anchored(r"pul-", r"[0-9a-f]{40}"),
            r"cfpat-",
            r"bkua_",
            r"ccip(?:at|rj)_",
            Anchored(r"atbb", r"[a-z0-9]{24}"),
            Anchored(r"ltai", r"[a-z0-9]{16}"),
            Anchored(r"nfp_", r"[a-z0-9]{36}"),
            r"swmtkn-",
            Anchored(r"4/0a", r"[\w-]{30}"),
            r"age-secret",
            r"[vk][1-4]\.(?:local|public|secret)\.",
            r"django-insecure",
        ),
    ),
    Rule(
        "key",
        "Whoever knows a webhook's address may use it.",
        r"hooks\.slack|webhook|/services/t",
        matches(
            r"(?P<host>(?<=/)services/(?=T[A-Z0-9]{6,14}/B)|hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/"
            r"|(?:webhook|outlook)\.office(?:365)?\.com/webhook(?:b2)?/)(?!\d{1,32}/\[)[\w/@-]{10,512}",
            keeping(rf"\g<host>{policy.KEY}"),
        ),
        needs="/",
        least=20,
    ),
)

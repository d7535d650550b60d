"""What is known of response headers, as data.

Sources: Anthropic, API reference (request ids, rate limits, organisation); OpenAI, API reference, "Debugging requests"; Azure
OpenAI and Foundry (x-ms-*, apim-request-id); one-api and new-api, `common/constants.go` (X-Oneapi-Request-Id,
X-Upstream-Request-Id) and `middleware/cors.go` (X-New-Api-Version); LiteLLM, "Response headers" (x-litellm-*,
llm_provider-*), and what its proxy 1.108 sent; Portkey's and Helicone's documentation; Cloudflare, AI Gateway (cf-aig-*) and
"HTTP headers" (cf-ray: the id and the airport code of the data centre); Kong Gateway (X-Kong-*-Latency); Envoy (x-envoy-*);
RFC 9110 (Via, 7.6.3; hop by hop, 7.6.1), RFC 9111 (Age, 5.1); nginx, ngx_http_proxy_module (X-Accel-Buffering). The SDKs of
both vendors read retry-after, retry-after-ms and x-should-retry, and of the others nothing but the request's id."""

from __future__ import annotations

import re

import msgspec

from app.run.diff.facts import Told
from app.text.patterns import late
from app.text.sentences import message

# Of one connection or one message, not of what is answered.
HOPS = frozenset(
    {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}
)
# They differ in every response: left out where both sides have them.
VARIES = late(
    r"date|age|expires|last-modified|etag|set-cookie|cf-ray|traceparent|tracestate|server-timing|nel|report-to|x-timer"
    r"|(?:.*[-_])?(?:request|trace|span|call|correlation|generation|message|response|log|event)[-_]?id|x-vercel-id|x-amz-cf-id"
    r"|.*(?:processing|duration|latency|service|response|overhead)[-_](?:ms|time|duration-ms)|.*-latency|.*-(?:remaining|reset)(?:-.*)?"
    r"|x-ratelimit-(?:remaining|reset)-.*|x-runtime|x-response-time|.*-(?:cost|spend)(?:-.*)?|azureml-model-session"
)
RATE_LIMIT = late(r"(?:x-)?ratelimit(?:-.*)?|anthropic-(?:ratelimit|priority|fast)-.*|x-.*-ratelimit-.*")
RATE_LIMIT_MOVES = late(r".*(?:remaining|reset|utilization).*|ratelimit")


# What names a relay program.
RELAY_SIGNS = (Told.RELAY_NUMBER, Told.RELAY_VERSION, Told.RELAY_PROGRAM, Told.RELAY_ASKED_AGAIN)


class Known(msgspec.Struct, frozen=True):
    """Headers of this pattern tell `told`; `who` is the program or service, as a message."""

    pattern: str
    told: Told
    who: str = ""


KNOWN = (
    Known(r"x-oneapi-request-id", Told.RELAY_NUMBER, message("One API, New API")),
    Known(r"x-upstream-request-id", Told.UPSTREAM_NUMBER),
    Known(r"x-new-api-version", Told.RELAY_VERSION, "New API"),
    Known(r"x-litellm-version", Told.RELAY_VERSION, "LiteLLM"),
    Known(r"x-litellm-call-id", Told.RELAY_NUMBER, "LiteLLM"),
    Known(r"x-litellm-.*", Told.RELAY_PROGRAM, "LiteLLM"),
    Known(r"llm_provider-.*", Told.BEHIND_RELAY, "LiteLLM"),
    Known(r"x-portkey-.*", Told.RELAY_PROGRAM, "Portkey"),
    Known(r"helicone-.*", Told.RELAY_PROGRAM, "Helicone"),
    Known(r"cf-aig-.*", Told.RELAY_PROGRAM, "Cloudflare AI Gateway"),
    Known(r"x-openrouter-.*|x-generation-id", Told.RELAY_PROGRAM, "OpenRouter"),
    Known(r"x-kong-.*", Told.ON_THE_WAY, message("Kong, a gateway")),
    Known(r"x-envoy-.*", Told.ON_THE_WAY, message("Envoy, a proxy")),
    Known(r"x-vercel-.*", Told.ON_THE_WAY, "Vercel"),
    Known(r"x-amz-cf-.*", Told.ON_THE_WAY, "Amazon CloudFront"),
    Known(r"fly-request-id", Told.ON_THE_WAY, "Fly.io"),
    Known(r"via", Told.ON_THE_WAY),
    Known(r"cf-ray", Told.EDGE, "Cloudflare"),
    Known(r"cf-cache-status|x-cache(?:-.*)?|x-served-by|age", Told.CACHE),
    Known(r"x-request-id|request-id|x-openai-request-id", Told.VENDOR_NUMBER),
    Known(r"retry-after(?:-ms)?", Told.RETRY_AFTER),
    Known(r"x-should-retry", Told.SHOULD_RETRY),
    Known(r"openai-processing-ms", Told.TOOK),
    Known(r"openai-organization|openai-project|anthropic-organization-id|anthropic-workspace-id", Told.ACCOUNT),
    Known(r"openai-version|anthropic-version", Told.API_VERSION),
    Known(r"x-ms-.*|apim-.*|azureml-.*|ms-azureml-.*", Told.PLATFORM, "Azure"),
    Known(r"x-amzn-.*|x-amz-.*", Told.PLATFORM, "AWS"),
    Known(r"x-goog-.*|x-cloud-trace-context", Told.PLATFORM, "Google Cloud"),
    Known(r"x-groq-.*", Told.PLATFORM, "Groq"),
    Known(r"x-accel-buffering", Told.UNBUFFERED),
    Known(r"content-encoding", Told.ENCODING),
    Known(
        r"access-control-.*|strict-transport-security|x-content-type-options|x-frame-options|content-security-policy(?:-.*)?"
        r"|referrer-policy|permissions-policy|cross-origin-.*|alt-svc|vary|x-xss-protection|x-robots-tag|x-permitted-.*|pragma",
        Told.FOR_BROWSERS,
    ),
)  # fmt: skip
# Headers of one family are told as one where there are several of a kind.
FAMILIES = (
    "x-ratelimit-", "anthropic-ratelimit-", "anthropic-priority-", "anthropic-fast-", "ratelimit-", "x-litellm-",
    "llm_provider-", "x-portkey-", "helicone-", "cf-aig-", "x-kong-", "x-envoy-", "access-control-", "x-ms-", "x-amzn-",
    "x-amz-cf-", "cross-origin-", "x-codex-",
)  # fmt: skip
_CACHE_HIT = late(r"(?i)\bhit\b")
# The cities of the airport codes that edges name themselves by, of the larger data centres.
CITIES = {
    "AMS": "Amsterdam", "ARN": "Stockholm", "ATL": "Atlanta", "BKK": "Bangkok", "BOM": "Mumbai", "BOS": "Boston",
    "BRU": "Brussels", "CDG": "Paris", "CPH": "Copenhagen", "DEL": "Delhi", "DEN": "Denver", "DFW": "Dallas", "DUB": "Dublin",
    "DUS": "Düsseldorf", "EWR": "Newark", "FRA": "Frankfurt", "GRU": "São Paulo", "HAM": "Hamburg", "HEL": "Helsinki",
    "HKG": "Hong Kong", "IAD": "Ashburn", "ICN": "Seoul", "JNB": "Johannesburg", "KIX": "Osaka", "LAX": "Los Angeles",
    "LHR": "London", "LIS": "Lisbon", "MAD": "Madrid", "MAN": "Manchester", "MEL": "Melbourne", "MIA": "Miami",
    "MRS": "Marseille", "MUC": "Munich", "MXP": "Milan", "NRT": "Tokyo", "ORD": "Chicago", "OSL": "Oslo", "PDX": "Portland",
    "PHX": "Phoenix", "PRG": "Prague", "SEA": "Seattle", "SIN": "Singapore", "SJC": "San Jose", "SYD": "Sydney",
    "TPE": "Taipei", "TXL": "Berlin", "VIE": "Vienna", "WAW": "Warsaw", "YUL": "Montreal", "YYZ": "Toronto", "ZRH": "Zurich",
}  # fmt: skip


def known(name: str) -> Known | None:
    """What a header of that name (in lower case) tells; None where nothing is known."""
    return next((one for one in KNOWN if re.fullmatch(one.pattern, name)), None)


def family(name: str) -> str:
    """The beginning that a family's headers share; "" for none."""
    return next((one for one in FAMILIES if name.startswith(one)), "")


def tells_of_cache_hit(name: str, value: str) -> bool:
    """Whether a cache says that it answered itself."""
    if name == "age":
        return value.strip().isdigit() and int(value) > 0
    return ("cache" in name) and _CACHE_HIT().search(value) is not None

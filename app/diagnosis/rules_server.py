"""Rules for limits of rate, for servers that are overloaded or broken, and whose fault it is."""

from __future__ import annotations

import re

from app.diagnosis import changes, offers, phrases
from app.diagnosis.codes import About
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.wording import LATER, OPENS_SAID, PAGE_TITLE, RETRY, SAYS, SOONER

_OF_REQUEST = (400, 404, 405, 413, 415, 422)
# All of a message: that a request was refused with 400 and its like, and the status's own name. Not 401, 403 or 429, which are
# about the relay's key and its limits.
_BARE_STATUS = re.compile(
    r"^\W*(?:(?:the )?(?:upstream|provider|backend|request)\b(?: \w+)? (?:returned|responded|answered|replied|failed|error)|"
    r"error code|http(?: status| error)?)\b[a-z :(]*\b(?:400|404|405|413|415|422)\b"
    r"\W*(?:bad request|not found|method not allowed|(?:payload|content) too large|unsupported media type|"
    r"unprocessable (?:entity|content))?\W*$",
    re.IGNORECASE,
)

# All of a message: that something behind the relay failed.
_BARE_UPSTREAM = re.compile(
    r"\W*(?:the |an |error processing (?:the )?|nvidia nim )?(?:upstream|provider|backend)"
    r"(?: (?:server|provider|api|service|request))?"
    r" (?:error|failed|failure|error occurred|returned an error|response)\W*$",
    re.IGNORECASE,
)


def _failed_behind(f: Facts) -> bool:
    """A relay tells a fault of its own exchange with its upstream: by status, or in a stream that began with success."""
    return f.refused and (f.status >= 500 or f.ok) and not f.body.page and not f.server.is_official


def _refused_bare(f: Facts) -> bool:
    """A relay says that its upstream refused what it sent there, by a status that is about the request, and says no more."""
    if f.error.asked_another:
        return f.error.asked_another in _OF_REQUEST and not f.server.is_official
    return _failed_behind(f) and f.server.names_upstream and _BARE_STATUS.search(f.error.message) is not None


def _overloaded(f: Facts) -> bool:
    """By its status or its type, unless its words tell of another status, or of a broken connection."""
    if f.error.asked_another or _broke_off(f):
        return f.error.asked_another == 529
    return f.refused and (f.status == 529 or f.error.is_about(About.OVERLOADED))


def _broke_off(f: Facts) -> bool:
    """A relay lost the connection to its upstream, once that had taken the request."""
    says = f.error.says(*phrases.BROKE_OFF) or f.error.matches(r"(?:^|failed: )(?:terminated|aborted) \|") is not None
    return says and _failed_behind(f)


def _not_read(f: Facts) -> bool:
    """A relay could not read what its upstream answered: its code says so, or a parser's words where a body of ours is none's
    fault.
    """
    if f.error.is_about(About.UPSTREAM_ANSWER):
        return bool(f.status >= 500 or f.request.body or f.error.about)
    return (f.status >= 500 or f.class_of_error >= 500) and f.error.says(*phrases.BAD_JSON)


_AT_ONCE_S = 1.0  # no gateway gives up that early by itself

RATES = (
    Rule("rate-quota-increase", lambda f: f.limited and f.error.says("quota increase"),
        "The project's quota for {model:or this model} is used up: {message:quoted no message}. For many models it is 0 until"
        " more is asked for.",
        "Ask for an increase in the cloud's console, or use another region or model. Waiting rarely helps." + OPENS_SAID,
        actions=offers.MODEL),
    Rule("rate-quota-day", lambda f: f.limited and f.limits.quota and f.limits.quota.period == "day",
        "The {quota_free:if free }quota of a day{quota_count:if , {quota_count:grouped}"
        " {quota_unit:select requests=requests|tokens=tokens|},} is used up: {message:quoted no message}.",
        "It starts anew at midnight Pacific time, where Google's days begin; a shorter wait that its error names is of no use."
        " A paid plan or another model has a quota of its own.",
        actions=offers.MODEL),
    Rule("rate-quota", lambda f: f.limited and f.limits.quota,
        "The {quota_free:if free }quota{quota_count:if  of {quota_count:grouped}"
        " {quota_unit:select requests=requests|tokens=tokens|}}{quota_period:select minute= a minute|hour= an hour|} is used"
        " up: {message:quoted no message}.",
        RETRY + " A paid plan or another model has a quota of its own.",
        actions=(*offers.RETRY, *offers.MODEL)),
    Rule("rate-saturated", lambda f: f.refused and f.error.says(*phrases.SATURATED),
        "The relay's channels for {model:or the model} are saturated: {message:quoted no message}. It is the relay's limit,"
        " not one of your key.",
        RETRY + " If it stays, choose another model or group, or ask the operator for more channels.",
        actions=(*offers.MODEL, *offers.RETRY)),
    Rule("rate-long-context", lambda f: f.limited and f.error.says("long context", "extra usage"),
        "The account may not send prompts of this length: {message:quoted no message}. It is no rate limit, though the status"
        " (429) says so.",
        "Shorten the prompt, or allow extra usage in the account's settings."),
    Rule("rate-upstream", lambda f: f.limited and f.server.speaks_upstream and f.server.names_upstream,
        "The vendor behind {host:or the endpoint} limits the relay: {message:quoted no message}.",
        RETRY + " A key or a plan of your own avoids the limit that all of the relay's users share.",
        actions=offers.RETRY),
    Rule("rate-concurrency", lambda f: f.limited and f.error.says(*phrases.CONCURRENT),
        "Too many requests run at the same time with this key: {message:quoted no message}.",
        "Let the others end first. " + RETRY,
        actions=offers.RETRY),
    Rule("rate-ramp", lambda f: f.limited and f.error.says("ramp_limit", "acceleration", "slow_down", "scale up"),
        "The use of this key grew too fast: {message:quoted no message}.",
        RETRY + " Raise the load in steps.",
        actions=offers.RETRY),
    Rule("rate-tokens", lambda f: f.limited and not f.error.says("queries") and (f.tokens_of_time or f.error.says(
        "too many tokens", "tokens per", "request tokens", "input tokens", "output tokens", "(tpm)", "(tpd)", "| tokens |")),
        "The rate limit for tokens is reached: {message:quoted no message}.",
        RETRY + " Shorter prompts and fewer max tokens use less of it.",
        actions=offers.RETRY),
    Rule("rate-requests", lambda f: f.limited and f.error.says("requests per", "number of requests", "(rpm)", "(rpd)",
        "| requests |", "每分钟"),
        "The rate limit for requests is reached: {message:quoted no message}.",
        RETRY,
        actions=offers.RETRY),
    Rule("rate-page", lambda f: f.status == 429 and f.body.page,
        "{edge:or The server} in front of {host:or the endpoint} limits the requests (429, a page " + PAGE_TITLE + "); the"
        " API itself did not answer.",
        RETRY,
        actions=offers.RETRY),
    Rule("rate-silent", lambda f: f.limited and not f.error.message,
        "{host:or The endpoint} says that it was asked too often (429), and no more.",
        RETRY,
        actions=offers.RETRY),
    Rule("rate-overloaded", lambda f: f.limited and f.error.says(*phrases.OVERLOADED, "capacity exceeded")
        and not f.error.says(*phrases.LIMITED),
        "{host:or The endpoint} is overloaded, and says so with status {status}: {message:quoted no message}. It is no limit"
        " of your key.",
        RETRY,
        actions=offers.RETRY),
    Rule("rate", lambda f: f.limited,
        "{host:or The endpoint} says that it was asked too often: {message:quoted no message}.",
        RETRY,
        actions=offers.RETRY),
)  # fmt: skip

SERVER = (
    # -- Cloudflare in the endpoint's place ---------------------------------------------------------------------------
    Rule("cloudflare-origin-down", lambda f: f.status in (521, 522, 523),
        "Cloudflare answered in the endpoint's place: the server behind it is down or can't be reached (status {status}).",
        "The operator of {host:or the endpoint} has to bring the server back. Your request is in order; try again later.",
        actions=offers.RUN),
    Rule("cloudflare-too-slow", lambda f: f.status == 524,
        "Cloudflare gave up: the server behind {host:or the endpoint} took the request, but did not begin its answer in time"
        " (524, usually 100 s).",
        SOONER + ".",
        changes.stream),
    Rule("cloudflare-origin-tls", lambda f: f.status in (525, 526),
        "Cloudflare can't speak TLS with the server behind {host:or the endpoint} (status {status}): its certificate is"
        " missing or not valid.",
        "The operator of {host:or the endpoint} has to repair the certificate. Your request is in order."),
    Rule("cloudflare-origin-odd", lambda f: f.status in (520, 527, 530),
        "Cloudflare got no usable answer from the server behind {host:or the endpoint} (status {status})"
        "{cloudflare_code:select 1016=: its name can't be resolved (1016)|1033=: its tunnel is not connected (1033)|}.",
        "The operator of {host:or the endpoint} has to look at it. Your request is in order; try again later.",
        actions=offers.RUN),
    Rule("cloudflare-worker", lambda f: f.status >= 500 and f.server.cloudflare_code in ("1101", "1102"),
        "The program that runs at Cloudflare for {host:or the endpoint}"
        " {cloudflare_code:select 1102=used up its computing time|failed} (status {status}, error {cloudflare_code}).",
        "The operator has to look at it: a relay on Cloudflare Workers that does too much with each piece looks like this. A"
        " shorter answer may get through. " + LATER,
        actions=offers.LATER),
    Rule("network-login", lambda f: f.status == 511,
        "The network that this machine is in wants a login first (status 511): the request did not get to {host:or the"
        " endpoint}." + SAYS,
        "Log in with a browser, then run it again.",
        actions=offers.RUN),
    # -- not ready ----------------------------------------------------------------------------------------------------
    Rule("model-loading", lambda f: f.status >= 500 and f.error.says("loading model", "model is loading", "currently loading"),
        "{host:or The endpoint} is still loading the model: {message:quoted no message}.",
        LATER + " Large models take minutes.",
        actions=offers.LATER),
    Rule("model-memory", lambda f: f.refused and (f.class_of_error >= 500 or f.ok or f.address.is_local)
        and f.error.says(*phrases.NO_MEMORY),
        "The server at {host:or the endpoint} has too little memory for {model:or the model}: {message:quoted no message}.",
        "Choose a smaller model or a stronger quantization, load it with a smaller context, or end what else takes the memory"
        " there. The request itself is in order.",
        actions=offers.MODEL),
    Rule("model-crashed", lambda f: f.refused and f.error.says(*phrases.CRASHED),
        "The model's own process crashed at {host:or the endpoint}: {message:quoted no message}.",
        "The request is probably in order. Load the model again, with a smaller context or fewer layers on the GPU where memory"
        " is short; the server's log says more.",
        actions=offers.RUN),
    # -- overloaded ---------------------------------------------------------------------------------------------------
    Rule("queue-full", lambda f: f.refused and f.error.says(*phrases.QUEUE_FULL),
        "{host:or The endpoint} has as many requests waiting as it takes: {message:quoted no message}. The request is in"
        " order.",
        LATER,
        actions=offers.LATER),
    Rule("overloaded-vendor", lambda f: _overloaded(f) and f.server.is_official,
        "{vendor} is overloaded: {message:quoted no message}. The request is in order.",
        LATER + " Another model may have room.",
        actions=offers.LATER),
    Rule("overloaded-upstream", lambda f: _overloaded(f) and f.server.speaks_upstream,
        "The vendor behind {host:or the endpoint} is overloaded; the relay passes its words on: {message:quoted no message}.",
        LATER + " The official endpoint would say the same.",
        actions=offers.LATER),
    Rule("overloaded", _overloaded,
        "{host:or The endpoint} is overloaded: {message:quoted no message}. Whether it is the relay or the vendor behind it"
        " can't be told from outside.",
        LATER + " The same request to the official endpoint shows whose fault it is.",
        actions=offers.LATER),
    # -- gateways -----------------------------------------------------------------------------------------------------
    Rule("circuit-open", lambda f: _failed_behind(f) and f.error.says(*phrases.CIRCUIT_OPEN),
        "{host:or The endpoint} asks the server behind it nothing for now, since too many requests failed there:"
        " {message:quoted no message}.",
        "Requests that are in order are refused too until its circuit breaker closes. " + LATER + " What failed before that"
        " stands in the relay's own log.",
        actions=offers.LATER),
    Rule("proxy-at-limit", lambda f: _failed_behind(f) and f.error.says("reset reason: overflow"),
        "{edge:or The proxy} in front of {host:or the endpoint} is at its own limit of connections or of requests that wait,"
        " and passes nothing on for now: {message:quoted no message}.",
        LATER + " If it stays, the operator has to raise that limit. Your request is in order.",
        actions=offers.LATER),
    Rule("gateway-timeout-at-once", lambda f: f.status == 504 and not f.server.is_official
        and f.end.first_byte_s is not None and f.end.first_byte_s < _AT_ONCE_S,
        "{edge:or The server} in front of {host:or the endpoint} answered 504 after {first_byte_s:duration}: it can't have"
        " waited for the server behind it, which is probably down or out of reach." + SAYS,
        "The operator has to bring that server back; a longer time limit or fewer tokens won't help. " + LATER,
        actions=offers.LATER),
    Rule("gateway-timeout", lambda f: f.status == 504 and not f.server.is_official,
        "{edge:or The server} in front of {host:or the endpoint} gave up waiting for the server behind"
        " it{first_byte_s:if  after {first_byte_s:duration}} (504).{waits_60_s:if  nginx waits 60 s by default.}",
        SOONER + ", or have the operator raise the limit.",
        changes.stream),
    Rule("upstream-unreachable", lambda f: _failed_behind(f)
        and (f.error.says(*phrases.UNREACHABLE) or f.error.matches(phrases.NO_ROUTE)),
        "{host:or The endpoint} runs, but can't reach the server that it passes requests on to: {message:quoted no message}.",
        "Look at the address of that server in the relay's own configuration, and whether it runs. Your request is in order.",
        actions=offers.EDIT),
    Rule("upstream-timeout", lambda f: _failed_behind(f) and f.error.says(*phrases.TIMED_OUT),
        "{host:or The endpoint} waited in vain for the server that it passes requests on to: {message:quoted no message}.",
        "Ask for fewer tokens, or have the relay's operator raise its time limit; its log tells whether that server is down. "
        + LATER,
        actions=offers.LATER),
    Rule("upstream-broke-off", _broke_off,
        "{host:or The endpoint} lost the connection to the server that it passes requests on to: {message:quoted no message}.",
        "Run it again. If it stays, look at the log of that server, and at time limits on the way to it.",
        actions=offers.RUN),
    Rule("upstream-not-json", lambda f: (_failed_behind(f) or f.error.about is About.UPSTREAM_ANSWER) and _not_read(f),
        "{host:or The endpoint} could not read what the server behind it answered, which is not JSON:"
        " {message:quoted no message}.",
        "Look at the address of that server in the relay's own configuration: at a wrong one stands a web page, or nothing."
        " Your request is in order.",
        actions=offers.EDIT),
    Rule("gateway-down", lambda f: f.status in (502, 503) and (f.body.page or (f.body.blank and f.server.edge)
        or (not f.server.passed_on and re.fullmatch(phrases.NO_WORDS, f.error.message.lower())))
        and not f.server.is_official,
        "{edge:or The server in front} runs, but the server of {host:or the endpoint} behind it does not answer (status"
        " {status}).",
        "The operator has to bring the server back. Your request is in order. " + LATER,
        actions=offers.LATER),
    Rule("upstream-status-in-stream", lambda f: f.in_stream and _refused_bare(f),
        "{host:or The endpoint} passed the request on, its upstream refused it, and the relay keeps the upstream's words to"
        " itself: {message:quoted no message}.",
        "Run it again without streaming, where relays can still pass those words on, or ask the operator: the relay's log may"
        " have them. The same request sent the same way is refused again.",
        changes.no_stream),
    Rule("upstream-status", lambda f: f.refused and f.status != 429
        and (f.error.matches(r"^bad response status code 4\d\d") or _refused_bare(f)),
        "{host:or The endpoint} passed the request on, its upstream refused it, and the relay keeps the upstream's words to"
        " itself: {message:quoted no message}.",
        "Ask the operator: the relay's log or panel may have those words. The same request to another endpoint shows whether it"
        " is in order."),
    Rule("server-upstream-silent", lambda f: _failed_behind(f) and (f.status >= 500 or f.in_stream)
        and (_BARE_UPSTREAM.match(f.error.message) or f.error.asked_another >= 500 or (f.in_stream and not f.content_came
        and re.fullmatch(phrases.NO_WORDS, f.error.message.lower()))),
        "Something failed behind {host:or the endpoint}, which keeps its upstream's words to itself:"
        " {message:quoted no message} ({behind_200:if in its stream|status {status}}).",
        "Look at the relay's own log, or ask its operator: the upstream may have failed, or refused what the relay made of the"
        " request. The same request to another endpoint shows whether it is in order.",
        actions=offers.RUN_WHERE_SAID),
    Rule("server-upstream", lambda f: f.status >= 500 and f.server.speaks_upstream,
        "The fault is behind the relay: {host:or the endpoint} passes on what its upstream said: {message:quoted no message}"
        " (status {status}).",
        LATER + " If it stays, the relay's channel is broken or its own key is refused: tell the operator.",
        actions=offers.LATER),
    Rule("server-vendor-timeout", lambda f: f.status == 504,
        "{vendor} took too long for the answer (504): {message:quoted no message}.",
        SOONER + ".",
        changes.stream),
    Rule("not-implemented", lambda f: f.status == 501 or (f.status >= 500 and f.error.says(*phrases.NOT_BUILT)),
        "{host:or The endpoint} has not built this (status {status}): {message:quoted no message}.",
        "Use another protocol or leave out what it does not have."),
    Rule("server-vendor", lambda f: f.status >= 500 and f.server.is_official,
        "{vendor} has a fault of its own (status {status}): {message:quoted no message}.",
        LATER + " {vendor}'s status page says whether it is known.",
        actions=offers.LATER),
    Rule("server-without-key", lambda f: f.status == 500 and not f.request.sends_key
        and f.error.message.lower() in ("", "internal server error"),
        "{host:or The endpoint} failed (status 500) and does not say why; the request had no key.",
        "Enter a key if the endpoint needs one: some servers fail like this without it. If it needs none, look at its log.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("server-relay-software", lambda f: f.status >= 500 and f.server.is_relay_software,
        "The relay's own software failed (status {status}): {message:quoted no message}.",
        LATER + " If it stays, tell the operator, with the request id in the message or the headers.",
        actions=offers.LATER),
    Rule("server-program-failed", lambda f: f.status >= 500 and f.error.matches(phrases.CRASH),
        "The program at {host:or the endpoint} failed over something that it did not expect: {message:quoted no message}"
        " (status {status}).",
        "It is a fault of that program, often over an answer of its upstream: its log says where. " + LATER,
        actions=offers.LATER),
    Rule("server-local", lambda f: f.status >= 500 and f.address.is_local,
        "The server on this machine failed (status {status}): {message:quoted no message}.",
        "Look at its own log: one that runs the model itself may lack memory, one that passes requests on may have lost its"
        " upstream.",
        actions=offers.RUN_WHERE_SAID),
    Rule("server-page", lambda f: f.status >= 500 and f.body.page,
        "{edge:or The server in front} answers for {host:or the endpoint} with an error page " + PAGE_TITLE + " (status"
        " {status}).",
        "The operator has to look at it. Your request may be in order. " + LATER,
        actions=offers.LATER),
    Rule("server-silent", lambda f: f.status >= 500 and not f.error.message,
        "{host:or The endpoint} failed (status {status}) and says no more.",
        LATER + " The same request to another endpoint shows whether the request is in order.",
        actions=offers.LATER),
    Rule("server", lambda f: f.status >= 500,
        "{message:quoted no message}: with these words {host:or the endpoint} reports a fault of its own (status {status}).",
        LATER + " The same request to another endpoint shows whether the request is in order.",
        actions=offers.LATER),
    # -- other statuses -----------------------------------------------------------------------------------------------
    Rule("timeout-upstream", lambda f: f.status == 408 and (f.server.passed_on
        or f.error.says("litellm.timeout", "apitimeout")),
        "{host:or The endpoint} passed the request on and gave up waiting for its upstream (408):"
        " {message:quoted no message}.",
        "Ask for fewer tokens, or have the relay's operator raise its time limit; its log tells whether the upstream is down."),
    Rule("request-timeout", lambda f: f.status == 408,
        "{host:or The endpoint} did not get the whole request in time (408)." + SAYS,
        "Try again; a slow or broken line, or a proxy that holds the body back, looks like this.",
        actions=offers.EDIT),
    Rule("conflict", lambda f: f.status == 409,
        "The request collides with another one (409)." + SAYS,
        LATER,
        actions=offers.LATER),
    Rule("gone", lambda f: f.status == 410,
        "What was asked for is gone for good (410): the model{model:if  {model}} or the address was retired." + SAYS,
        "Choose a newer model, or compare the base URL with the documentation.",
        actions=offers.EDIT),
    Rule("proxy-login-status", lambda f: f.status == 407,
        "A proxy on the way wants a user name and a password (407): none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (http://user:password@host:port), or connect without the proxy.",
        changes.no_proxy),
)  # fmt: skip

"""Rules for limits of rate, for servers that are overloaded or broken, and whose fault it is."""

from __future__ import annotations

from app.diagnosis import actions, phrases
from app.diagnosis.facts import UNNAMED_EDGE, Facts
from app.diagnosis.model import Rule


def _failed_behind(f: Facts) -> bool:
    """A relay tells a fault of its own exchange with its upstream: by status, or in a stream that began with success."""
    return f.refused and (f.status >= 500 or f.ok) and not f.page and not f.is_official


def _overloaded(f: Facts) -> bool:
    return f.refused and (f.status == 529 or f.says(*phrases.OVERLOADED))


RATES = (
    Rule("rate-saturated", lambda f: f.refused and f.says("上游负载", "负载已饱和", "负载已满"),
        "The relay's channels for {f.model} are saturated: {f.quoted}. It is the relay's limit, not one of your key.",
        "{f.retry} If it stays, choose another model or group, or ask the operator for more channels."),
    Rule("rate-long-context", lambda f: f.limited and f.says("long context", "extra usage"),
        "The account may not send prompts of this length: {f.quoted}. It is no rate limit, though the status (429) says so.",
        "Shorten the prompt, or allow extra usage in the account's settings."),
    Rule("rate-upstream", lambda f: f.limited and f.speaks_upstream and f.names_upstream,
        "The vendor behind {f.host} limits the relay: {f.quoted}.",
        "{f.retry} A key or a plan of your own avoids the limit that all of the relay's users share."),
    Rule("rate-concurrency", lambda f: f.limited and f.says(*phrases.CONCURRENT),
        "Too many requests run at the same time with this key: {f.quoted}.",
        "Let the others end first. {f.retry}"),
    Rule("rate-ramp", lambda f: f.limited and f.says("ramp_limit", "acceleration", "slow_down", "scale up"),
        "The use of this key grew too fast: {f.quoted}.",
        "{f.retry} Raise the load in steps."),
    Rule("rate-tokens", lambda f: f.limited and f.says("too many tokens", "tokens per", "request tokens", "input tokens",
        "output tokens", "(tpm)", "(tpd)", "| tokens |"),
        "The limit of tokens in a time is reached: {f.quoted}.",
        "{f.retry} Shorter prompts and fewer max tokens count less."),
    Rule("rate-requests", lambda f: f.limited and f.says("requests per", "number of requests", "(rpm)", "(rpd)",
        "| requests |", "每分钟"),
        "The limit of requests in a time is reached: {f.quoted}.",
        "{f.retry}"),
    Rule("rate-page", lambda f: f.status == 429 and f.page,
        "{f.edge} in front of {f.host} limits the requests (429, a page {f.title}); the API itself did not answer.",
        "{f.retry}"),
    Rule("rate-silent", lambda f: f.limited and not f.message,
        "{f.host} says that it was asked too often (429), and no more.",
        "{f.retry}"),
    Rule("rate-overloaded", lambda f: f.limited and f.says(*phrases.OVERLOADED, "capacity exceeded")
        and not f.says(*phrases.LIMITED),
        "{f.host} is overloaded, and says so with status {f.status}: {f.quoted}. It is no limit of your key.",
        "{f.retry}"),
    Rule("rate", lambda f: f.limited,
        "{f.host} says that it was asked too often: {f.quoted}.",
        "{f.retry}"),
)  # fmt: skip

SERVER = (
    # -- Cloudflare in the endpoint's place ---------------------------------------------------------------------------
    Rule("cloudflare-origin-down", lambda f: f.status in (521, 522, 523),
        "Cloudflare answered in the endpoint's place: the server behind it is down or can't be reached (status {f.status}).",
        "The operator of {f.host} has to bring the server back. Your request is in order; try again later."),
    Rule("cloudflare-too-slow", lambda f: f.status == 524,
        "Cloudflare gave up: the server behind {f.host} took the request, but did not begin its answer in time (524, usually"
        " 100 s).",
        "{f.sooner}.",
        actions.stream),
    Rule("cloudflare-origin-tls", lambda f: f.status in (525, 526),
        "Cloudflare can't speak TLS with the server behind {f.host} (status {f.status}): its certificate is missing or not"
        " valid.",
        "The operator of {f.host} has to repair the certificate. Your request is in order."),
    Rule("cloudflare-origin-odd", lambda f: f.status in (520, 527, 530),
        "Cloudflare got no usable answer from the server behind {f.host} (status {f.status}).",
        "The operator of {f.host} has to look at it. Your request is in order; try again later."),
    # -- not ready ----------------------------------------------------------------------------------------------------
    Rule("model-loading", lambda f: f.status >= 500 and f.says("loading model", "model is loading", "currently loading"),
        "{f.host} is still loading the model: {f.quoted}.",
        "{f.later} Large models take minutes."),
    # -- overloaded ---------------------------------------------------------------------------------------------------
    Rule("overloaded-vendor", lambda f: _overloaded(f) and f.is_official,
        "{f.vendor} is overloaded: {f.quoted}. The request is in order.",
        "{f.later} Another model may have room."),
    Rule("overloaded-upstream", lambda f: _overloaded(f) and f.speaks_upstream,
        "The vendor behind {f.host} is overloaded; the relay passes its words on: {f.quoted}.",
        "{f.later} The official endpoint would say the same."),
    Rule("overloaded", _overloaded,
        "{f.host} is overloaded: {f.quoted}. Whether it is the relay or the vendor behind it can't be told from outside.",
        "{f.later} The same request to the official endpoint shows whose fault it is."),
    # -- gateways -----------------------------------------------------------------------------------------------------
    Rule("gateway-timeout", lambda f: f.status == 504 and not f.is_official,
        "{f.edge} in front of {f.host} gave up waiting for the server behind it{f.after_wait} (504).{f.usual_wait}",
        "{f.sooner}, or have the operator raise the limit.",
        actions.stream),
    Rule("upstream-unreachable", lambda f: _failed_behind(f)
        and (f.says(*phrases.UNREACHABLE) or f.matches(phrases.NO_ROUTE)),
        "{f.host} runs, but can't reach the server that it passes requests on to: {f.quoted}.",
        "Look at the address of that server in the relay's own configuration, and whether it runs. Your request is in order."),
    Rule("upstream-broke-off", lambda f: _failed_behind(f) and (f.says(*phrases.BROKE_OFF) or f.matches(r"^terminated \|")),
        "{f.host} lost the connection to the server that it passes requests on to: {f.quoted}.",
        "Run it again. If it stays, look at the log of that server, and at time limits on the way to it."),
    Rule("upstream-not-json", lambda f: _failed_behind(f) and f.request and f.says(*phrases.NOT_JSON),
        "{f.host} could not read what the server behind it answered, which is not JSON: {f.quoted}.",
        "Look at the address of that server in the relay's own configuration: at a wrong one stands a web page, or nothing."
        " Your request is in order."),
    Rule("gateway-down", lambda f: f.status in (502, 503) and (f.page or (f.body_blank and f.edge != UNNAMED_EDGE))
        and not f.is_official,
        "{f.edge} runs, but the server of {f.host} behind it does not answer (status {f.status}).",
        "The operator has to bring the server back. Your request is in order. {f.later}"),
    Rule("server-upstream", lambda f: f.status >= 500 and f.speaks_upstream,
        "The fault is behind the relay: {f.host} passes on what its upstream said: {f.quoted} (status {f.status}).",
        "{f.later} If it stays, the relay's channel is broken or its own key is refused: tell the operator."),
    Rule("server-vendor-timeout", lambda f: f.status == 504,
        "{f.vendor} took too long for the answer (504): {f.quoted}.",
        "{f.sooner}.",
        actions.stream),
    Rule("not-implemented", lambda f: f.status == 501 or (f.status >= 500 and f.says(*phrases.NOT_BUILT)),
        "{f.host} has not built this (status {f.status}): {f.quoted}.",
        "Use another protocol or leave out what it does not have."),
    Rule("server-vendor", lambda f: f.status >= 500 and f.is_official,
        "{f.vendor} has a fault of its own (status {f.status}): {f.quoted}.",
        "{f.later} {f.vendor}'s status page says whether it is known."),
    Rule("server-without-key", lambda f: f.status == 500 and not f.key_sent
        and f.message.lower() in ("", "internal server error"),
        "{f.host} failed (status 500) and does not say why; the request had no key.",
        "Enter a key if the endpoint needs one: some servers fail like this without it. If it needs none, look at its log.",
        actions.ask_key),
    Rule("server-relay-software", lambda f: f.status >= 500 and f.is_relay_software,
        "The relay's own software failed (status {f.status}): {f.quoted}.",
        "{f.later} If it stays, tell the operator, with the request id in the message or the headers."),
    Rule("server-local", lambda f: f.status >= 500 and f.address.is_local,
        "The server on this machine failed (status {f.status}): {f.quoted}.",
        "Look at its own log: one that runs the model itself may lack memory, one that passes requests on may have lost its"
        " upstream. {f.when_said}"),
    Rule("server-page", lambda f: f.status >= 500 and f.page,
        "{f.edge} answers for {f.host} with an error page {f.title} (status {f.status}).",
        "The operator has to look at it. Your request may be in order. {f.later}"),
    Rule("server-silent", lambda f: f.status >= 500 and not f.message,
        "{f.host} failed (status {f.status}) and says no more.",
        "{f.later} The same request to another endpoint shows whether the request is in order."),
    Rule("server", lambda f: f.status >= 500,
        "{f.quoted}: with these words {f.host} reports a fault of its own (status {f.status}).",
        "{f.later} The same request to another endpoint shows whether the request is in order."),
    # -- other statuses -----------------------------------------------------------------------------------------------
    Rule("timeout-upstream", lambda f: f.status == 408 and (f.passed_on or f.says("litellm.timeout", "apitimeout")),
        "{f.host} passed the request on and gave up waiting for its upstream (408): {f.quoted}.",
        "Ask for fewer tokens, or have the relay's operator raise its time limit; its log tells whether the upstream is down."),
    Rule("request-timeout", lambda f: f.status == 408,
        "{f.host} did not get the whole request in time (408).{f.server_says}",
        "Try again; a slow or broken line, or a proxy that holds the body back, looks like this."),
    Rule("conflict", lambda f: f.status == 409,
        "The request collides with another one (409).{f.server_says}",
        "Try again in a moment."),
    Rule("gone", lambda f: f.status == 410,
        "What was asked for is gone for good (410): the model {f.model} or the address was retired.{f.server_says}",
        "Choose a newer model, or compare the base URL with the documentation."),
    Rule("proxy-login-status", lambda f: f.status == 407,
        "A proxy on the way wants a user name and a password (407): none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (http://user:password@host:port), or connect without the proxy.",
        actions.no_proxy),
)  # fmt: skip

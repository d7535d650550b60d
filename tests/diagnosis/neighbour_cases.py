"""Rows that two neighbours of the table fit: the first of them speaks, and why it has to."""

from __future__ import annotations

from app.diagnosis import Context
from app.recording.records import EndReason
from app.recording.records import WireErrorCode as Wire
from tests.diagnosis.made import (
    ANTHROPIC,
    BEGUN,
    KEPT,
    KEY,
    OPENAI,
    RELAY,
    RELAY_V1,
    STREAM,
    A,
    C,
    Case,
    absent,
    anthropic,
    asked,
    made,
    openai,
    page,
    speaking,
    wire,
)

LOCAL = "http://localhost:11434/v1"
AZURE = "https://me.openai.azure.com/openai"
AFFORDS = openai("This request requires more credits. You can only afford 1333 tokens.")
WANTS_TLS = page("400 The plain HTTP request was sent to HTTPS port")
BARE_ERROR = b'event: error\ndata: {"type":"error"}\n\n'

CASES = (
    Case(
        "answer-in-other-protocol",
        made(
            200,
            b'data: {"id":"c","object":"chat.completion.chunk","choices":[]}\n\ndata: {"error":{"message":"Gone."}}\n\n',
            headers=STREAM,
            streamed=True,
        ),
        action=("protocol", C),
    ),
    # Nothing was sent: what a proxy would have said does not matter.
    Case("proxy-address", made(end=wire(Wire.PROXY, phase="prepare", reason=EndReason.PROXY_LOGIN)), "", "", ("proxy", "none")),
    # The server had closed the connection; whatever else may be wrong shows on a new one.
    Case("reset-kept", made(connected=KEPT, end=wire(Wire.SEND, phase="prepare")), "kept from the run before"),
    # HTTP/2 says why it broke off.
    Case(
        "http2-broken-off",
        made(end=wire(Wire.RESET, "the peer reset the HTTP/2 stream: NO_ERROR", phase="head", http2_error="NO_ERROR")),
        "NO_ERROR",
    ),
    # A redirect is none of the API's answers, whatever its body says.
    Case("status-3xx", made(302, AFFORDS), "names no other address"),
    # There are providers, but none that can call tools: to wait does not help.
    Case("no-endpoint-with-tools", made(429, openai("No endpoints found that support tool use")), "can call tools"),
    # What is on this machine can be fetched.
    Case(
        "model-not-pulled",
        made(404, openai("model 'm' not found"), protocol=C, base=LOCAL, model="m"),
        "does not have the model m.",
        "ollama pull m.",
        None,
        Context(models=("m",)),
    ),
    # The endpoint knows the key by name.
    Case(
        "key-not-for-model",
        made(401, openai("key not allowed to access model", "key_model_access_denied"), protocol=C),
        "may not use the model",
        "",
        None,
        Context(key_sent=False),
    ),
    # A placeholder that was not sent is no key either.
    Case(
        "key-missing",
        made(401, openai("No key"), protocol=C),
        "none was sent",
        "",
        ("key", ""),
        Context(key_sent=False, key_oddity="placeholder"),
    ),
    # A relay can't take a login of Anthropic's, in whatever header.
    Case(
        "key-foreign-relay",
        made(401, anthropic("authentication_error", "invalid x-api-key")),
        "one of Anthropic",
        "",
        ("key", ""),
        Context(key_shape="sk-ant-oat"),
    ),
    # The server in front says itself what is wrong.
    Case(
        "http-on-https-port",
        asked(
            made(400, WANTS_TLS, base="http://relay.example:8443"),
            *speaking(A, "http://relay.example:8443", "/v1/messages"),
        ),
        "expects TLS",
        "",
        ("base_url", "https://relay.example:8443"),
    ),
    # All of the usual paths were asked, those of the other protocol too.
    Case(
        "nowhere",
        asked(made(404, page("404"), base=f"{RELAY_V1}/chat/completions"), absent(C, RELAY_V1, "/v1/chat/completions")),
        "nor at the other usual paths",
    ),
    # The address as it was asked is wrong before anything that is said of the vendor.
    Case("v1-twice", made(404, page("404"), base=f"{AZURE}/v1"), "/v1 twice", "", ("base_url", AZURE)),
    # A deployment's name is what is wrong at Azure, also in a protocol that it does not offer.
    Case("azure-deployment", made(404, openai("Resource not found"), base=AZURE), "no deployment of this name"),
    # The list is not there for the same reason.
    Case("v1-missing", made(404, page("404"), protocol=C, base=RELAY, method="GET"), "lacks /v1", "", ("base_url", RELAY_V1)),
    # The words say more than the status.
    Case("overloaded", made(504, openai("The server is overloaded."), protocol=C), "is overloaded"),
    Case("circuit-open", made(504, openai("Circuit breaker open")), "nothing for now"),
    Case(
        "gateway-timeout",
        made(504, openai("connect ECONNREFUSED 10.0.0.1:8000"), protocol=C),
        "gave up waiting",
        "",
        ("stream", True),
    ),
    Case("not-implemented", made(501, openai("Unsupported"), protocol=C, base=OPENAI), "has not built this"),
    # An official endpoint tells of a missing key, and fails for other reasons.
    Case(
        "server-vendor",
        made(500, "", base=ANTHROPIC),
        "Anthropic has a fault of its own",
        "",
        None,
        Context(key_sent=False),
    ),
    # A relay's software on this machine: its words name it.
    Case(
        "server-relay-software",
        made(500, openai("panic detected (request id: 20261121)", "new_api_error"), protocol=C, base="http://localhost:3000/v1"),
        "own software failed",
    ),
    # On one's own machine there is a log to look at.
    Case("server-local", made(500, page("500"), protocol=C, base="http://localhost:3000/v1"), "on this machine failed"),
    # A header that is named is wanted, whatever a missing key may mean.
    Case("header-missing", made(401, {"error": "Helicone-Auth header is required"}, sends=(("accept", "*/*"),))),
    # What was sent and is not found is the relay's loss, in whichever protocol.
    Case(
        "header-not-seen",
        made(
            400,
            openai("anthropic-version header is required"),
            protocol=C,
            sends=(("Authorization", f"Bearer {KEY}"), ("anthropic-version", "2023-06-01")),
        ),
        "though it was sent",
    ),
    # A login page may stand at any address.
    Case("page-login", made(200, page("Sign in", '<input type="password">'), protocol=C, base=RELAY), "A login page came"),
    # What the stream is written in explains its error.
    Case(
        "answer-in-other-protocol",
        made(200, BEGUN + BARE_ERROR, protocol=C, headers=STREAM, streamed=True),
        "written in Anthropic Messages",
        "",
        ("protocol", A),
    ),
    # A permission that is lacking for one model is told as that.
    Case("model-not-allowed", made(403, openai("Not found the model kimi-x or Permission denied"), protocol=C, model="kimi-x")),
    # A proxy that is at its limit never waited, whatever the status.
    Case("proxy-at-limit", made(504, openai("upstream connect error. reset reason: overflow"), protocol=C)),
)  # fmt: skip

"""Rows for the rules for redirects, wrong addresses and web pages."""

from __future__ import annotations

from app.recording.records import Asked
from tests.diagnosis.made import (
    ANTHROPIC,
    BY_NGINX,
    RELAY,
    RELAY_V1,
    A,
    C,
    Case,
    R,
    absent,
    anthropic,
    asked,
    made,
    openai,
    page,
    speaking,
)

CASES = (
    # -- redirects
    Case(
        "redirect-to-https",
        made(301, base="http://relay.example", headers={"location": "https://relay.example/v1/messages"}),
        "did not follow",
        "POST into a GET",
        ("base_url", "https://relay.example"),
    ),
    *(  # the port that the redirect names, whatever its path
        Case(
            "redirect-to-https",
            made(308, base="http://relay.example:8080", headers={"location": f"https://relay.example{path}"}),
            action=("base_url", "https://relay.example"),
        )
        for path in ("/v1/messages", "/")
    ),
    Case(
        "redirect-to-sign-in",
        made(302, headers={"location": "https://login.idp.example/x/oauth2/authorize?client_id=1"}),
        "sends who has not logged in to another host",
        "how programs get in",
    ),
    Case("redirect-to-login", made(302, headers={"location": "/login?next=/v1/messages"}), "login page"),
    Case(
        "redirect-other-host",
        made(308, headers={"location": "https://eu.relay2.example/api/v1/messages"}),
        "the key was not sent there",
        "use https://eu.relay2.example/api as base URL",
        ("base_url", "https://eu.relay2.example/api"),
    ),
    Case(
        "redirect",
        made(307, protocol=C, headers={"location": "/v1/chat/completions/"}, base="https://relay.example"),
        "another address",
        "",
        ("base_url", "https://relay.example/v1"),
    ),
    Case("redirect", made(302, headers={"location": "/elsewhere"}), "another address", "without the path of the request"),
    Case(
        "redirect-slash",
        made(301, headers={"location": "https://relay.example/v1/messages/"}),
        "wants a slash behind the path",
        "has to take /v1/messages as it is",
    ),
    Case("redirect-slash", made(308, headers={"location": "/v1/messages/?beta=true"}), "wants a slash"),
    Case("status-3xx", made(304), "names no other address"),
    # -- addresses
    Case(
        "http-on-https-port",
        made(
            400,
            page("400 The plain HTTP request was sent to HTTPS port", "nginx"),
            base="http://relay.example:8443",
            headers=BY_NGINX,
        ),
        "expects TLS",
        "",
        ("base_url", "https://relay.example:8443"),
    ),
    Case(
        "http-on-https-port",
        made(400, "Client sent an HTTP request to an HTTPS server.\n", base="http://relay.example:8443"),
        "",
        "",
        ("base_url", "https://relay.example:8443"),
    ),
    Case(
        "endpoint-of-other-protocol",
        made(404, page("404 Not Found"), base=f"{RELAY_V1}/chat/completions"),
        "belongs to another protocol",
        "",
        ("protocol", C),
    ),
    Case(
        "endpoint-pasted",
        made(404, page("404 Not Found"), protocol=C, base=f"{RELAY_V1}/chat/completions"),
        "already ends in /chat/completions",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "endpoint-pasted",
        made(404, anthropic("not_found_error", "Not Found"), base=f"{ANTHROPIC}/v1/messages"),
        "/messages",
        "",
        ("base_url", ANTHROPIC),
    ),
    Case(
        "endpoint-pasted",
        made(404, {"detail": "Not Found"}, protocol=R, base=f"{RELAY_V1}/responses"),
        "/responses",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "v1-twice",
        made(404, openai("Invalid URL (POST /v1/v1/messages)"), base=RELAY_V1),
        "Messages adds by itself",
        "",
        ("base_url", RELAY),
    ),
    Case("v1-twice", made(404, page("404"), protocol=C, base=f"{RELAY_V1}/v1"), "has /v1 twice.", "", ("base_url", RELAY_V1)),
    Case(
        "v1-twice",
        made(404, page("404"), base="https://relay.example/api/v1"),
        "",
        "",
        ("base_url", "https://relay.example/api"),
    ),
    Case(
        "azure-deployment",
        made(404, openai("Resource not found", code="404"), protocol=C, base="https://me.openai.azure.com/openai/v1"),
        "Azure",
    ),
    # -- what was asked besides
    Case(
        "path-found",
        asked(
            made(404, page("404"), protocol=C, base=RELAY),
            absent(C, RELAY, "/chat/completions"),
            *speaking(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "OpenAI Chat Completions at /chat/completions, since the base URL lacks /v1. It does at /v1/chat/completions.",
        f"Use {RELAY_V1}.",
        ("base_url", RELAY_V1),
    ),
    Case(
        "path-found",
        asked(made(404, page("404"), base=RELAY_V1), *speaking(A, RELAY, "/v1/messages")),
        "does not speak Anthropic Messages at /v1/v1/messages, where /v1 stands twice. It does at /v1/messages.",
        "",
        ("base_url", RELAY),
    ),
    Case(
        "path-found",
        asked(
            made(404, {"detail": "Not Found"}, base=f"{RELAY_V1}/messages"),
            absent(A, f"{RELAY_V1}/messages", "/v1/messages/v1/messages"),
            *speaking(A, RELAY, "/v1/messages"),
        ),
        "already ends in /messages",
        "",
        ("base_url", RELAY),
    ),
    Case(
        "path-found",
        asked(made(200, page("Panel"), protocol=C, base=f"{RELAY}/panel"), *speaking(C, RELAY_V1, "/v1/chat/completions")),
        "not speak OpenAI Chat Completions at /panel/chat/completions. It does at",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "path-found",
        asked(made(404, page("404"), protocol=C, base=RELAY), *speaking(C, "", "/v1/chat/completions")),
        "It does at /v1/chat/completions.",
        "Correct the base URL so that /v1/chat/completions is asked.",
    ),
    Case(
        "protocol-found",
        asked(
            made(404, openai("Invalid URL (POST /v1/messages)")),
            absent(A, RELAY, "/v1/messages"),
            *speaking(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "does not speak Anthropic Messages at /v1/messages. It speaks OpenAI Chat Completions, at /v1/chat/completions.",
        f"Choose OpenAI Chat Completions, and use {RELAY_V1}.",
        ("protocol", C),
    ),
    Case(
        "page-of-upstream",
        asked(made(200, page("Welcome")), *speaking(A, RELAY, "/v1/messages")),
        "does speak Anthropic Messages at /v1/messages, and yet its answer to this request is a web page titled “Welcome”",
        "base URL is right",
    ),
    Case(
        "path-right",
        asked(made(404, {"error": "no such deployment"}), *speaking(A, RELAY, "/v1/messages")),
        "does speak Anthropic Messages at /v1/messages",
        "base URL is right",
    ),
    Case(  # maskflow-gateway 0.2.1, whose upstream was set up without /v1
        "path-behind",
        asked(
            made(404, openai("Invalid URL (POST /chat/completions)"), protocol=C, base=RELAY_V1),
            absent(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "the server behind it has nothing at /chat/completions",
        "/v1 is missing there",
    ),
    Case(
        "nowhere",
        asked(
            made(404, openai("Invalid URL (POST /v1/chat/completions)"), protocol=C, base=RELAY_V1),
            absent(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "nor at the other usual paths",
    ),
    Case(
        "nowhere",
        asked(
            made(404, page("404"), protocol=C, base=RELAY),
            absent(C, RELAY, "/chat/completions"),
            absent(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "nor at the other usual paths",
        "another host",
    ),
    Case(
        "page",
        asked(
            made(200, page("Shop"), protocol=C, base=RELAY),
            absent(C, RELAY, "/chat/completions"),
            absent(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "that of a web site",
    ),
    Case(
        "v1-missing",
        asked(
            made(404, page("404"), protocol=C, base=RELAY),
            absent(C, RELAY, "/chat/completions"),
            Asked(C, RELAY_V1, "/v1/chat/completions", 401, "openai-error", "unclear"),
            Asked(C, RELAY_V1, "/v1/chat/no-such-path", 401, "openai-error", "unclear", control=True),
        ),
        "probably lacks /v1",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "messages-missing",
        asked(
            made(404, page("404")),
            Asked(A, RELAY, "/v1/messages", 500, "text", "unclear"),
            *speaking(C, RELAY_V1, "/v1/chat/completions"),
        ),
        "no Messages endpoint",
        "",
        ("protocol", C),
    ),
    Case(
        "protocol-of-vendor",
        made(404, openai("Invalid URL (POST /v1/messages)"), base="https://api.openai.com"),
        "OpenAI does not offer Anthropic Messages",
        "",
        ("protocol", C),
    ),
    Case(
        "protocol-of-vendor",
        made(404, anthropic("not_found_error", "Not Found"), protocol=R, base=f"{ANTHROPIC}/v1"),
        "does not offer",
        "",
        ("protocol", A),
    ),
    Case(
        "protocol-anthropic-base",
        made(404, page("404"), protocol=C, base="https://relay.example/anthropic"),
        "/anthropic",
        "",
        ("protocol", A),
    ),
    Case(
        "v1-missing", made(404, page("404 Not Found", "nginx"), protocol=C, base=RELAY), "lacks /v1", "", ("base_url", RELAY_V1)
    ),
    Case(
        "v1-missing",
        made(405, {"detail": "Method Not Allowed"}, protocol=R, base=f"{RELAY}/"),
        "lacks /v1",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "responses-missing",
        made(404, openai("Invalid URL (POST /v1/responses)"), protocol=R),
        "no Responses endpoint",
        "",
        ("protocol", C),
    ),
    Case("messages-missing", made(404, {"detail": "Not Found"}), "no Messages endpoint", "", ("protocol", C)),
    Case("models-missing", made(404, {"detail": "Not Found"}, method="GET"), "no model list at this address (/v1/models)"),
    Case("models-missing", made(405, protocol=R, method="GET"), "no model list at this address (/v1/models)"),
    *(  # no advice to choose what was asked for and is not there either
        Case(
            "path-not-found",
            asked(
                made(404, openai("Not found"), protocol=protocol),
                absent(protocol, RELAY, path),
                absent(C, RELAY_V1, "/v1/chat/completions"),
                Asked(other, RELAY, other_path, 500, "json", "unclear"),
            ),
            "nothing at this address",
            "Compare the base URL",
        )
        for protocol, path, other, other_path in (
            (R, "/v1/responses", A, "/v1/messages"),
            (A, "/v1/messages", R, "/v1/responses"),
        )
    ),
    Case(
        "path-not-found",
        made(404, "404 page not found", protocol=C, base="https://relay.example/api/v3"),
        "nothing at this address (/api/v3/chat/completions)",
    ),
    Case("method-not-allowed", made(405, protocol=C), "(405)"),
    # -- pages
    Case("page-challenge", made(200, page("Just a moment...", "checking your browser")), "check for browsers"),
    Case("page-login", made(200, page("WiFi Login")), "a network that wants a login first"),
    Case("page-login", made(200, page("Sign in", '<input type="password" name="p">'), protocol=C), "login page"),
    Case(
        "page-v1-missing",
        made(200, page("New API", '<div id="root"></div>'), protocol=C, base=RELAY),
        "titled “New API”",
        "",
        ("base_url", RELAY_V1),
    ),
    Case(
        "page-path",
        made(200, page("New API", '<div id="root"></div>'), base=RELAY_V1),
        "/v1/v1/messages is not one",
        "",
        ("base_url", RELAY),
    ),
    Case("page", made(200, page("One API", '<div id="root"></div>')), "address is that of a web site"),
    Case(
        "path-refused-with-200",
        made(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}, protocol=C),
        "nothing at this address (/v1/chat/completions), though the status is 200",
    ),
)

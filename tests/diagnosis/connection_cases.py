"""Rows for the rules for exchanges that were stopped and for those without an answer."""

from __future__ import annotations

from app.recording.records import Certificate, Connected, EndDetail, Ended, EndKind, EndReason, MarkName
from app.recording.records import WireErrorCode as Wire
from tests.builders import messages_end
from tests.diagnosis import proxy_cases
from tests.diagnosis.made import ANTHROPIC, BEGUN, CANCELLED, INTERRUPTED, KEPT, SENT, STAMPED, STREAM, C, Case, made, wire


def interrupted(reason: EndReason) -> Ended:
    """An end that neither the endpoint nor the user made."""
    return Ended(EndKind.INTERRUPTED, detail=EndDetail(reason))


BY_RECORDER = Ended(EndKind.CANCELLED, detail=EndDetail(EndReason.RECORDER))

CASES = (
    # -- stopped
    Case(
        "recorder-stopped-after-end",
        made(200, BEGUN + messages_end(), headers=STREAM, streamed=True, end=BY_RECORDER),
        "It was stopped after 7 events, where it was recorded; the answer had already come to its end.",
    ),
    Case(
        "recorder-stopped",
        made(200, BEGUN, headers=STREAM, streamed=True, end=BY_RECORDER),
        "It was stopped after 4 events, where it was recorded; the endpoint may have had more to say.",
    ),
    Case(
        "cancelled-after-end",
        made(200, BEGUN + messages_end(), headers=STREAM, streamed=True, end=CANCELLED),
        "already come to its end",
    ),
    Case("cancelled", made(200, BEGUN, headers=STREAM, streamed=True, end=CANCELLED), "You stopped it after 4 events."),
    Case(
        "cancelled",
        made(200, BEGUN, headers=STREAM, streamed=True, end=Ended(EndKind.CANCELLED, 8_600_000_000)),
        "You stopped it after 4 events and 8 s of silence.",
    ),
    Case(
        "cancelled",
        made(200, BEGUN, headers=STREAM, streamed=True, end=Ended(EndKind.CANCELLED, 1_600_000_000)),
        "You stopped it after 4 events.",
    ),
    Case("cancelled", made(end=CANCELLED), "You stopped it before anything came back."),
    Case("cancelled", made(200, headers=STREAM, end=CANCELLED), "You stopped it after the response head (status 200)"),
    Case("cancelled", made(200, '{"id": "msg', end=CANCELLED), "You stopped it after 11 bytes of the answer."),
    Case(
        "interrupted-fault",
        made(200, BEGUN, headers=STREAM, streamed=True, end=interrupted(EndReason.OWN_FAULT)),
        "A fault in Diptych broke this off, after 4 events.",
    ),
    Case(
        "interrupted-file",
        made(200, BEGUN, headers=STREAM, streamed=True, end=interrupted(EndReason.TORN_FILE)),
        "closed or killed during this run, after 4 events",
    ),
    Case(
        "interrupted",
        made(200, BEGUN, headers=STREAM, streamed=True, end=INTERRUPTED),
        "stopped by itself, after 4 events",
        "is started anew",
    ),
    # -- bad addresses
    Case("address-empty", made(base="", end=wire(Wire.BAD_URL)), "no base URL"),
    Case(
        "address-wide-characters",
        made(base="https：//api。example.com", end=wire(Wire.BAD_URL)),
        "full-width",
        "https://api.example.com",
        ("base_url", "https://api.example.com"),
    ),
    Case(
        "address-wide-characters",
        made(base="https://ａpi.example.com", end=wire(Wire.DNS)),
        "full-width",
        "",
        ("base_url", "https://api.example.com"),
    ),
    Case(
        "address-spaces",
        made(base="https://api.example .com", end=wire(Wire.BAD_URL)),
        "space",
        "",
        ("base_url", "https://api.example.com"),
    ),
    Case(
        "address-no-scheme",
        made(base="api.example.com/v1", end=wire(Wire.BAD_URL)),
        "lacks its scheme",
        "",
        ("base_url", "https://api.example.com/v1"),
    ),
    Case(
        "address-no-scheme",
        made(base="localhost:11434/v1", end=wire(Wire.BAD_URL)),
        "",
        "",
        ("base_url", "http://localhost:11434/v1"),
    ),
    Case(
        "address-wrong-scheme",
        made(base="htps://api.example.com", end=wire(Wire.BAD_URL)),
        "htps://",
        "",
        ("base_url", "https://api.example.com"),
    ),
    Case("address-bad", made(base="https://api.example.com:99999", end=wire(Wire.BAD_URL)), "can't be read"),
    # -- proxy, name, connect
    *proxy_cases.CASES,
    Case(
        "dns-misspelt",
        made(base="https://api.antropic.com", end=wire(Wire.DNS)),
        "Was api.anthropic.com meant?",
        "",
        ("base_url", ANTHROPIC),
    ),
    Case("dns", made(end=wire(Wire.DNS)), "relay.example can't be resolved"),
    Case(
        "refused-local",
        made(protocol=C, base="http://localhost:11434/v1", end=wire(Wire.REFUSED)),
        "port 11434 of this machine",
        "Start the server",
    ),
    Case(
        "refused-local-no-port",
        made(protocol=C, base="http://localhost/v1", end=wire(Wire.REFUSED)),
        "names no port",
        "Ollama uses 11434",
    ),
    Case("refused", made(base="https://relay.example:8443", end=wire(Wire.REFUSED)), "refuses connections on port 8443"),
    Case("unreachable", made(end=wire(Wire.UNREACHABLE)), "no way to relay.example"),
    Case(
        "connect-timeout-tls",
        made(marks={**STAMPED, MarkName.TLS_BEGIN: 40.0}, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_040, phase="tls")),
        "handshake: it was silent for 10 s",
        "",
        ("limits.connect_s", 20.0),
    ),
    Case(
        "connect-timeout-dns",
        made(marks={MarkName.DNS_BEGIN: 0.0}, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_000, phase="dns")),
        "DNS server was silent for 10 s",
    ),
    Case(
        "connect-timeout",
        made(marks=STAMPED, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_010, phase="connect")),
        "silent for 10 s",
        "firewall",
        ("limits.connect_s", 20.0),
    ),
    Case("connect", made(end=wire(Wire.CONNECT, "too many open files")), "too many open files"),
    # -- TLS
    Case(
        "tls-expired",
        made(connected=Connected(False, certificate=Certificate(not_after="2026-10-01T00:00:00Z")), end=wire(Wire.TLS_EXPIRED)),
        "expired on 2026-10-01",
        "clock",
    ),
    Case("tls-expired", made(end=wire(Wire.TLS_EXPIRED)), "it expired, or"),
    Case(
        "tls-expired",
        made(connected=Connected(False, certificate=Certificate(not_after="2026-12-01T00:00:00Z")), end=wire(Wire.TLS_EXPIRED)),
        "one that it rests on expired, or",
    ),
    Case(
        "tls-not-yet-valid",
        made(
            connected=Connected(False, certificate=Certificate(not_before="2026-12-01T00:00:00Z")),
            end=wire(Wire.TLS_EXPIRED, reason=EndReason.NOT_YET_VALID),
        ),
        "not valid yet, but from 2026-12-01 on, or this machine's clock is slow",
    ),
    Case(
        "tls-wrong-host",
        made(connected=Connected(False, certificate=Certificate(names=("*.other.example",))), end=wire(Wire.TLS_WRONG_HOST)),
        "but for *.other.example",
    ),
    Case("tls-self-signed", made(end=wire(Wire.TLS_SELF_SIGNED)), "signed by itself", "CA file"),
    *(
        Case(
            "tls-trust-variable",
            made(end=wire(code, trust_variable="SSL_CERT_FILE", trust_path="/etc/old.pem", trust_state=state)),
            f"the variable SSL_CERT_FILE points to /etc/old.pem, which {words}",
            "Correct SSL_CERT_FILE where Diptych is started, or unset it.",
        )
        for code, state, words in (
            (Wire.TLS_UNKNOWN_CA, "missing", "does not exist"),
            (Wire.TLS_UNKNOWN_CA, "folder", "is a folder, no file"),
            (Wire.TLS_SELF_SIGNED, "unreadable", "can't be read"),
            (Wire.TLS_UNKNOWN_CA, "empty", "holds no certificate"),
        )
    ),
    Case(
        "tls-trust-variable",
        made(end=wire(Wire.TLS_UNKNOWN_CA, trust_variable="SSL_CERT_DIR", trust_path="/gone", trust_state="missing")),
        "SSL_CERT_DIR points to /gone, which does not exist",
    ),
    Case(
        "tls-trust-variable",
        made(end=wire(Wire.TLS_UNKNOWN_CA, trust_variable="SSL_CERT_FILE", trust_state="missing")),
        "the variable SSL_CERT_FILE is set and names nothing: a program before this one may have set it",
    ),
    Case("tls-unknown-ca", made(end=wire(Wire.TLS_UNKNOWN_CA)), "is signed by an authority that this machine", "company"),
    *(
        Case(
            "tls-unknown-ca",
            made(connected=Connected(False, certificate=Certificate(issuer=issuer)), end=wire(Wire.TLS_UNKNOWN_CA)),
            f"is signed by “{name}”, an authority that",
        )
        for issuer, name in (
            ("countryName=US, organizationName=Proxy, Inc., commonName=Proxy Root CA", "Proxy Root CA"),
            ("countryName=US, organizationName=Proxy, Inc.", "Proxy, Inc."),
        )
    ),
    Case(
        "tls-not-tls",
        made(protocol=C, base="https://127.0.0.1:2222/v1", end=wire(Wire.TLS_NOT_TLS)),
        "does not speak TLS.",
        "Check the port.",
    ),
    Case(
        "tls-not-tls-local",
        made(protocol=C, base="https://127.0.0.1:11434/v1", end=wire(Wire.TLS_NOT_TLS, reason=EndReason.PLAIN_HTTP)),
        "speaks plain HTTP",
        "",
        ("base_url", "http://127.0.0.1:11434/v1"),
    ),
    Case(
        "tls-not-tls",
        made(base="https://relay.example:8080", end=wire(Wire.TLS_NOT_TLS, reason=EndReason.PLAIN_HTTP)),
        "speaks plain HTTP.",
        "in plain text",
    ),
    *(
        Case(rule, made(base=base, end=wire(Wire.TLS, phase="tls", tls_alert=alert)), cause, fix)
        for rule, base, alert, cause, fix in (
            ("tls-client-certificate", ANTHROPIC, "bad_certificate", "wants a client certificate", "nginx"),
            ("tls-too-old", ANTHROPIC, "protocol_version", "no version of TLS from 1.2 on", "operator"),
            ("tls-unknown-name", ANTHROPIC, "unrecognized_name", "leads to (192.0.2.1:443) does not serve that name", "DNS"),
            ("tls-refused", "https://192.0.2.1", "unrecognized_name", "with the alert unrecognized_name", "Use a host name"),
            ("tls-no-http", ANTHROPIC, "no_application_protocol", "none of the versions of HTTP", "HTTP/2 off"),
            ("tls-refused", ANTHROPIC, "handshake_failure", "with the alert handshake_failure", "Check the host"),
        )
    ),
    Case("tls-closed", made(end=wire(Wire.RESET, phase="tls")), "was closed during the TLS handshake", "firewall"),
    Case(
        "tls-client-certificate",
        made(end=wire(Wire.RESET, phase="wait", tls_alert="certificate_required")),
        "wants a client certificate",
    ),
    Case(
        "tls-broken-off",
        made(end=wire(Wire.RESET, phase="wait", tls_alert="internal_error")),
        "broke TLS off before it answered, with the alert internal_error",
    ),
    Case(
        "tls-broken",
        made(end=wire(Wire.RESET, "wrong version number", phase="wait", reason=EndReason.TLS_BROKEN)),
        "TLS can't decrypt it (wrong version number)",
    ),
    Case("tls", made(end=wire(Wire.TLS, "the server speaks no version of TLS that is still allowed")), "no version of TLS"),
    Case("ca-file", made(end=wire(Wire.CA_FILE, "no such file: /etc/own.pem")), "/etc/own.pem", "PEM", ("ca_file", "")),
    # -- before the answer
    Case("unsendable-header", made(end=wire(Wire.SEND, phase="prepare")), "Nothing was sent", "invisible", ("key", "")),
    Case(
        "http-to-https-port",
        made(base="http://relay.example:443", end=wire(Wire.NOT_HTTP)),
        "expects TLS",
        "",
        ("base_url", "https://relay.example:443"),
    ),
    Case(
        "answered-while-sending",
        made(marks={MarkName.SEND_BEGIN: 90.0, MarkName.FIRST_BYTE: 400.0}, end=wire(Wire.FIRST_BYTE_TIMEOUT, phase="head")),
        "answered before it had taken the whole request",
        "too large",
        ("http2", False),
    ),
    Case(
        "head-timeout",
        made(marks=SENT, end=wire(Wire.FIRST_BYTE_TIMEOUT, after_ms=60_100, phase="head")),
        "the head of its answer was not whole for 60 s",
        "drop by drop",
        ("limits.first_byte_s", 120.0),
    ),
    Case(
        "first-byte-timeout",
        made(marks=SENT, end=wire(Wire.FIRST_BYTE_TIMEOUT, after_ms=60_100)),
        "sent no answer for 60 s",
        "Stream the answer",
        ("limits.first_byte_s", 120.0),
    ),
    Case(
        "total-timeout-before-answer",
        made(end=wire(Wire.TOTAL_TIMEOUT, after_ms=600_000)),
        "it had run for 10 min",
        "",
        ("limits.total_s", 1200.0),
    ),
    Case(
        "silence-in-sending",
        made(marks={MarkName.SEND_BEGIN: 10.0}, end=wire(Wire.SILENCE_TIMEOUT, after_ms=30_010, phase="send")),
        "took no more of the request",
        "",
        ("limits.silence_s", 60.0),
    ),
    Case(
        "silence-before-answer",
        made(marks={MarkName.SEND_END: 100.0}, end=wire(Wire.SILENCE_TIMEOUT, after_ms=30_100)),
        "silent for 30 s before",
        "",
        ("limits.silence_s", 60.0),
    ),
    Case(
        "http-to-https-port",
        made(base="http://relay.example", end=wire(Wire.RESET, phase="wait", reason=EndReason.TLS_ALERT)),
        "port 80 expects TLS",
        "Use https://relay.example.",
        ("base_url", "https://relay.example"),
    ),
    Case("reset-kept", made(connected=KEPT, end=wire(Wire.RESET)), "kept from the run before", "new connection"),
    Case("send", made(end=wire(Wire.SEND)), "while the request ("),
    Case(
        "http-closed-at-once",
        made(base="http://relay.example:9443/v1", protocol=C, marks=SENT, end=wire(Wire.CUT, after_ms=140, phase="wait")),
        "as soon as it had a request in plain HTTP",
        "try https://relay.example:9443/v1.",
        ("base_url", "https://relay.example:9443/v1"),
    ),
    Case(  # on one's own machine a server that fails is as likely
        "http-closed-at-once",
        made(base="http://127.0.0.1:9443", marks=SENT, end=wire(Wire.RESET, after_ms=140, phase="wait")),
        "as soon as it had",
        "try https://127.0.0.1:9443.",
    ),
    Case(  # a model may have begun to think
        "reset", made(base="http://relay.example:9443", marks=SENT, end=wire(Wire.CUT, after_ms=4_000, phase="wait"))
    ),
    Case("reset", made(marks=SENT, end=wire(Wire.CUT, after_ms=140, phase="wait"))),
    Case("reset", made(end=wire(Wire.RESET)), "closed the connection without an answer"),
    Case(
        "http2-required-http1",
        made(end=wire(Wire.RESET, "the peer reset the HTTP/2 stream: HTTP_1_1_REQUIRED", http2_error="HTTP_1_1_REQUIRED")),
        "does not take this request over HTTP/2",
        "Switch HTTP/2 off",
    ),
    Case(
        "http2-broken-off",
        made(end=wire(Wire.RESET, "the peer reset the HTTP/2 stream: REFUSED_STREAM", http2_error="REFUSED_STREAM")),
        "without an answer, with the HTTP/2 error code REFUSED_STREAM.",
        "too much to do",
    ),
    Case(
        "http2-broken",
        made(end=wire(Wire.NOT_HTTP, "Received overlong frame", phase="wait", reason=EndReason.HTTP2_BROKEN)),
        "answers in HTTP/2, but breaks its rules: Received overlong frame.",
        "operator",
        ("http2", False),
    ),
    Case(
        "http1-under-http2",
        made(end=wire(Wire.NOT_HTTP, phase="wait", reason=EndReason.HTTP1_UNASKED)),
        "chose HTTP/2 in the TLS handshake, and answers in HTTP/1.",
        "does not speak it",
        ("http2", False),
    ),
    Case(
        "http2-alone",
        made(end=wire(Wire.NOT_HTTP, phase="head", reason=EndReason.HTTP2_UNASKED)),
        "answers in HTTP/2, though it was asked over HTTP/1.1.",
        "get no answer here",
        ("http2", True),
    ),
    Case(
        "http2-in-plain-text",
        made(base="http://relay.example:8443", end=wire(Wire.NOT_HTTP, phase="head", reason=EndReason.HTTP2_UNASKED)),
        "Port 8443 of relay.example speaks HTTP/2 without TLS",
        "HTTP/1.1",
    ),
    Case("reset-in-head", made(end=wire(Wire.RESET, phase="head")), "before the head of its answer was whole", "log"),
    Case(
        "switches-protocols",
        made(end=wire(Wire.NOT_HTTP, phase="head", reason=EndReason.UPGRADE)),
        "status 101",
        "path",
    ),
    Case(
        "head-broken",
        made(end=wire(Wire.NOT_HTTP, "conflicting Content-Length headers", phase="head")),
        "breaks the rules: conflicting Content-Length headers.",
        "operator",
    ),
    Case(
        "head-broken",
        made(
            end=wire(
                Wire.NOT_HTTP,
                "illegal status line: bytearray(b'HTTP/1.1 2000 OK')",
                phase="head",
                reason=EndReason.BAD_HTTP_LINE,
            )
        ),
        "breaks the rules",
    ),
    Case(
        "not-http",
        made(end=wire(Wire.NOT_HTTP, phase="head", reason=EndReason.NO_HTTP_LINE)),
        "does not answer in HTTP",
    ),
    Case("not-http", made(base="https://relay.example:22", end=wire(Wire.NOT_HTTP)), "port 22", "port"),
    Case("too-large-before-answer", made(end=wire(Wire.TOO_LARGE, "more than 64 kB of headers")), "more than 64 kB of headers"),
    Case(
        "key-echo",
        made(401, b"\x1f\x8b\x08", headers={"content-encoding": "gzip"}, end=wire(Wire.KEY_ECHO)),
        "sent the key back",
        "",
        ("headers", "Accept-Encoding=identity"),
    ),
    Case(
        "unpacks-too-far",
        made(
            200,
            headers={"content-encoding": "gzip"},
            end=wire(Wire.TOO_LARGE, "the gzip body decodes to more", reason=EndReason.DECODED_LIMIT),
        ),
        "is packed and unpacks to more than the size limit",
    ),
    Case("internal", made(end=wire(Wire.INTERNAL)), "fault inside Diptych"),
)

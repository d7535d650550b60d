"""Rules for exchanges that were stopped, and for those without an answer: address, name, connection, TLS."""

from __future__ import annotations

from app.diagnosis import changes, offers
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.wording import CAME, SILENCE, WAITED
from app.recording.records import EndKind, EndReason, MarkName
from app.recording.records import WireErrorCode as Wire


def _by_recorder(facts: Facts) -> bool:
    """Whether it was stopped by whoever recorded it, a browser's user or a limit of curl's."""
    return facts.end.kind is EndKind.CANCELLED and facts.end.detail.reason == EndReason.RECORDER


_UNKNOWN_CA = (
    "The certificate of {host:or the endpoint} is signed by {certificate_issuer:if {certificate_issuer:quoted}, }an authority"
    " that this machine does not know"
)
# The alerts of servers that want a client certificate; the second is older, and Go's for TLS 1.2.
_NO_CLIENT_CERTIFICATE = ("certificate_required", "bad_certificate")

ENDED_BY_US = (
    Rule("recorder-stopped-after-end", lambda f: _by_recorder(f) and f.exchange.reading.ended,
        "It was stopped " + CAME + ", where it was recorded; the answer had already come to its end.",
        "Nothing is missing from the answer."),
    Rule("recorder-stopped", lambda f: _by_recorder(f),
        "It was stopped " + CAME + SILENCE + ", where it was recorded; the endpoint may have had more to say.",
        "Record it again, to its end, for the whole answer."),
    Rule("cancelled-after-end", lambda f: f.end.kind is EndKind.CANCELLED and f.exchange.reading.ended,
        "You stopped it " + CAME + "; the answer had already come to its end.",
        "Nothing is missing from the answer. Run it again if you want it counted as completed.",
        actions=offers.RUN),
    Rule("cancelled", lambda f: f.end.kind is EndKind.CANCELLED,
        "You stopped it " + CAME + SILENCE + ".",
        "Run it again when you want the whole answer.",
        actions=offers.RUN),
    Rule("interrupted-file", lambda f: f.end.kind is EndKind.INTERRUPTED and f.end.detail.reason == EndReason.TORN_FILE,
        "Diptych was closed or killed during this run, " + CAME + ": the file ends before the exchange does.",
        "What had come is kept. Run it again for the whole answer.",
        actions=offers.RUN),
    Rule("interrupted-fault", lambda f: f.end.kind is EndKind.INTERRUPTED and f.end.detail.reason == EndReason.OWN_FAULT,
        "A fault in Diptych broke this off, " + CAME + ".",
        "It is not the endpoint's doing. What had come is kept; run it again.",
        actions=offers.RUN),
    Rule("interrupted", lambda f: f.end.kind is EndKind.INTERRUPTED,
        "The part of Diptych that talks to the network stopped by itself, " + CAME + ".",
        "What had come is kept. Run it again: that part is started anew.",
        actions=offers.RUN),
)  # fmt: skip

BAD_ADDRESS = (
    Rule("address-empty", lambda f: f.end.code == Wire.BAD_URL and not f.address.base,
        "The endpoint has no base URL.",
        "Enter the base URL, such as https://api.anthropic.com or https://api.openai.com/v1.",
        actions=offers.EDIT),
    Rule("address-wide-characters", lambda f: f.no_answer and f.address.has_wide_characters,
        "The base URL holds full-width or typographic characters, as an input method writes them: {base}.",
        "Write it in plain characters: {cleaned}.",
        changes.base_url(lambda f: f.address.with_scheme if f.address.lacks_scheme else f.address.cleaned)),
    Rule("address-spaces", lambda f: f.no_answer and f.address.has_spaces,
        "The base URL has a space or a line break in it.",
        "Take it out: {cleaned}.",
        changes.base_url(lambda f: f.address.cleaned)),
    Rule("address-no-scheme", lambda f: f.no_answer and f.address.lacks_scheme,
        "The base URL lacks its scheme (https:// or http://).",
        "Write {with_scheme}.",
        changes.base_url(lambda f: f.address.with_scheme)),
    Rule("address-wrong-scheme", lambda f: f.no_answer and f.address.wrong_scheme,
        "The base URL begins with {wrong_scheme}://, which is no web address.",
        "Write {with_web_scheme}.",
        changes.base_url(lambda f: f.address.with_web_scheme)),
    Rule("address-bad", lambda f: f.end.code == Wire.BAD_URL,
        "The base URL can't be read as a web address: {base}.",
        "Check its host and its port: it should look like https://host or https://host:8443/v1.",
        actions=offers.EDIT),
)  # fmt: skip

CONNECTION = (
    # -- name ---------------------------------------------------------------------------------------------------------
    Rule("dns-misspelt", lambda f: f.end.code == Wire.DNS and f.address.near_host,
        "The name {host:or the endpoint} can't be resolved. Was {near_host} meant?",
        "Correct the host name in the base URL.",
        changes.base_url(lambda f: f.address.with_near_host),
        actions=offers.EDIT),
    Rule("dns", lambda f: f.end.code == Wire.DNS,
        "The name {host:or the endpoint} can't be resolved to an address.",
        "Check the spelling of the host, the network connection and the DNS server (a VPN may be needed for an internal"
        " name).",
        actions=offers.EDIT),
    # -- connect ------------------------------------------------------------------------------------------------------
    Rule("refused-local", lambda f: f.end.code == Wire.REFUSED and f.address.is_local and f.address.names_port,
        "Nothing listens on port {port} of this machine.",
        "Start the server{usual_program:if  (this port is usually {usual_program}'s)}, or correct the port in the base URL.",
        actions=offers.EDIT),
    Rule("refused-local-no-port", lambda f: f.end.code == Wire.REFUSED and f.address.is_local,
        "The base URL names no port, and nothing listens on port {port} of this machine.",
        "Add the server's port to the base URL (Ollama uses 11434, LM Studio 1234, vLLM 8000, LiteLLM 4000, llama.cpp 8080).",
        actions=offers.EDIT),
    Rule("refused", lambda f: f.end.code == Wire.REFUSED,
        "{host:or The endpoint} refuses connections on port {port}.",
        "Check the port in the base URL and whether the server runs; a firewall may refuse it too.",
        actions=offers.EDIT),
    Rule("unreachable", lambda f: f.end.code == Wire.UNREACHABLE,
        "There is no way to {host:or the endpoint} from this network.",
        "Check the network connection, the VPN and, for an IPv6 address, whether this network has IPv6.",
        actions=offers.EDIT),
    Rule("connect-timeout-tls", lambda f: f.end.code == Wire.CONNECT_TIMEOUT and f.end.phase == "tls",
        "{host:or The endpoint} took the connection, but did not finish the TLS handshake: it was silent " + WAITED + ".",
        "Check that the port speaks TLS; otherwise try again later, or with a longer limit.",
        changes.longer("connect_s")),
    Rule("connect-timeout-dns", lambda f: f.end.code == Wire.CONNECT_TIMEOUT and f.end.phase == "dns",
        "The name {host:or the endpoint} was not resolved: the DNS server was silent " + WAITED + ".",
        "Check the network connection and the DNS server.",
        actions=offers.EDIT),
    Rule("connect-timeout", lambda f: f.end.code == Wire.CONNECT_TIMEOUT,
        "{host:or The endpoint} did not take the connection: it was silent " + WAITED + ".",
        "Check the host and the port, and whether a firewall or a missing proxy is in the way.",
        changes.longer("connect_s")),
    Rule("connect", lambda f: f.end.code == Wire.CONNECT,
        "No connection to {host:or the endpoint} on port {port} could be made: {wire_message}.",
        "Check the address and the network connection.",
        actions=offers.EDIT),
    # -- TLS ----------------------------------------------------------------------------------------------------------
    Rule("tls-not-yet-valid", lambda f: f.end.detail.reason == EndReason.NOT_YET_VALID,
        "The certificate of {host:or the endpoint} is not valid yet{certificate_begin:if , but from {certificate_begin} on}, or"
        " this machine's clock is slow.",
        "Check the clock of this machine; if it is right, the operator of the endpoint uses a certificate too early."),
    Rule("tls-expired", lambda f: f.end.code == Wire.TLS_EXPIRED,
        "The certificate of {host:or the endpoint} is not valid at this time: {expired_above:if one that it rests on expired"
        "|it expired{certificate_end:if  on {certificate_end}}}, or this machine's clock is wrong.",
        "Check the clock of this machine; if it is right, the operator of the endpoint has to renew the certificate."),
    Rule("tls-wrong-host", lambda f: f.end.code == Wire.TLS_WRONG_HOST,
        "The certificate is not for {host:or the endpoint}, but for"
        " {certificate_names:if {certificate_names:commas}|other names}.",
        "Use a host name that the certificate has, or have the operator correct it. Don't send a key to a server that can't"
        " prove its name."),
    Rule("tls-trust-variable", lambda f: f.end.detail.trust_variable,
        _UNKNOWN_CA + ", and the variable {trust_variable} {trust_path:if points to {trust_path}, which"
        " {trust_state:select missing=does not exist|folder=is a folder, no file|unreadable=can't be read|holds no certificate}"
        "|is set and names nothing}: a program before this one may have set it, or the file was moved."
        "{trust_stops_sdks:if  The official Python SDKs do not even start with such a variable.}",
        "Correct {trust_variable} where Diptych is started, or unset it. If the authority is one of your own network, its"
        " certificate can also be the CA file of the profile.",
        actions=offers.EDIT),
    Rule("tls-self-signed", lambda f: f.end.code == Wire.TLS_SELF_SIGNED,
        "The certificate of {host:or the endpoint} is signed by itself, so nobody vouches for it.",
        "If it is your own server, choose its certificate as CA file in the profile.",
        actions=offers.EDIT),
    Rule("tls-unknown-ca", lambda f: f.end.code == Wire.TLS_UNKNOWN_CA,
        _UNKNOWN_CA + ".",
        "In a company network, choose the company's root certificate as CA file in the profile; a proxy that looks into TLS"
        " signs with it. Otherwise the server forgot its intermediate certificate: tell the operator.",
        actions=offers.EDIT),
    Rule("tls-not-tls-local", lambda f: f.end.code == Wire.TLS_NOT_TLS and f.address.is_local
        and f.end.detail.reason == EndReason.PLAIN_HTTP,
        "The base URL says https://, but port {port} of this machine speaks plain HTTP.",
        "Use {http_url}.",
        changes.base_url(lambda f: f.address.http)),
    Rule("tls-not-tls", lambda f: f.end.code == Wire.TLS_NOT_TLS,
        "The base URL says https://, but port {port} of {host:or the endpoint} {plain_http:if speaks plain HTTP"
        "|does not speak TLS}.",
        "Check the port.{plain_http:if  With http:// the key would travel in plain text, so use it only within a network that"
        " you trust.}",
        actions=offers.EDIT),
    Rule("tls-client-certificate", lambda f: f.no_answer and f.end.detail.tls_alert in _NO_CLIENT_CERTIFICATE,
        "{host:or The endpoint} wants a client certificate (mutual TLS), and Diptych shows none.",
        "Ask its operator for an address without one, or put a proxy of your own before it that shows your certificate (nginx,"
        " stunnel), and use that as the base URL.",
        actions=offers.EDIT),
    Rule("tls-too-old", lambda f: f.end.code == Wire.TLS and f.end.detail.tls_alert == "protocol_version",
        "{host:or The endpoint} speaks no version of TLS from 1.2 on.",
        "Its operator has to update it, or what ends TLS before it: older versions are not safe, and the official SDKs for"
        " Python refuse them too.",
        actions=offers.EDIT),
    Rule("tls-unknown-name", lambda f: f.end.code == Wire.TLS and f.end.detail.tls_alert == "unrecognized_name"
        and not f.address.is_numeric,
        "The server that {host:or the endpoint} leads to{peer:if  ({peer})} does not serve that name over TLS.",
        "Check the host in the base URL; where it is right, its DNS entry or this machine's hosts file may lead to the wrong"
        " server.",
        actions=offers.EDIT),
    Rule("tls-no-http", lambda f: f.end.code == Wire.TLS and f.end.detail.tls_alert == "no_application_protocol",
        "{host:or The endpoint} took none of the versions of HTTP that it was offered in the TLS handshake.",
        "Check the port, and whether the profile has HTTP/2 off: a server may speak nothing else.",
        actions=offers.EDIT),
    Rule("tls-refused", lambda f: f.end.code == Wire.TLS and f.end.detail.tls_alert,
        "{host:or The endpoint} refuses the TLS handshake with the alert {tls_alert}, and says no more.",
        "{numeric_host:if Use a host name, if there is one: few servers have a certificate for an IP address|Check the host in"
        " the base URL: the server may have no certificate for it}. Else it may share no cipher with this machine, or want a"
        " client certificate; its log tells.",
        actions=offers.EDIT),
    Rule("tls-closed", lambda f: f.end.code == Wire.RESET and f.end.phase == "tls",
        "The connection to {host:or the endpoint} was closed during the TLS handshake.",
        "Check the host and the port: a server does so that speaks no TLS there, or has no such name. A firewall on the way"
        " that does not let this name through does the same: try it over another network or a proxy.",
        actions=offers.EDIT),
    Rule("tls-broken-off", lambda f: f.no_answer and f.end.code == Wire.RESET and f.end.detail.tls_alert,
        "{host:or The endpoint} broke TLS off before it answered, with the alert {tls_alert}.",
        "Try again; if it stays, the log of the server, or of what ends TLS before it, tells why.",
        actions=offers.EDIT),
    Rule("tls-broken", lambda f: f.no_answer and f.end.detail.reason == EndReason.TLS_BROKEN,
        "What came back from {host:or the endpoint} is damaged: TLS can't decrypt it ({wire_message}).",
        "Something on the way changes the bytes, or the server mixes others in. Try again, and over another network.",
        actions=offers.EDIT),
    Rule("tls", lambda f: f.end.code == Wire.TLS,
        "The TLS handshake with {host:or the endpoint} failed: {wire_message}.",
        "Check the address; an old server, a proxy or a firewall may be in the way.",
        actions=offers.EDIT),
    Rule("ca-file", lambda f: f.end.code == Wire.CA_FILE,
        "The CA file of the profile{ca_file:if , {ca_file},} can't be used: {ca_says:if {ca_says}|{wire_message}}.",
        "Choose a file with certificates in PEM form, or none.",
        changes.field("ca_file", "", "Use no CA file")),
    # -- before the answer --------------------------------------------------------------------------------------------
    Rule("http2-alone", lambda f: f.no_answer and f.end.detail.reason == EndReason.HTTP2_UNASKED and not f.address.is_http,
        "{host:or The endpoint} answers in HTTP/2, though it was asked over HTTP/1.1.",
        "Switch HTTP/2 on in the profile. The official Python SDKs ask over HTTP/1.1, unless they are given another HTTP"
        " client: they get no answer here.",
        changes.field("http2", True, "Switch HTTP/2 on")),
    Rule("http2-in-plain-text", lambda f: f.no_answer and f.end.detail.reason == EndReason.HTTP2_UNASKED,
        "Port {port} of {host:or the endpoint} speaks HTTP/2 without TLS, and was asked over HTTP/1.1.",
        "Let the server take HTTP/1.1 there, or ask it over TLS: without TLS, neither Diptych nor the official SDKs speak"
        " HTTP/2.",
        actions=offers.EDIT),
    Rule("http-to-https-port", lambda f: f.no_answer and f.end.code in (Wire.NOT_HTTP, Wire.RESET) and f.address.is_http
        and (f.address.port in (443, 8443) or f.end.detail.reason == EndReason.TLS_ALERT),
        "The base URL says http://, but port {port} expects TLS.",
        "Use {https_url}.",
        changes.base_url(lambda f: f.address.https)),
    Rule("answered-while-sending", lambda f: f.end.code == Wire.FIRST_BYTE_TIMEOUT and f.end.phase == "head"
        and MarkName.SEND_BEGIN in f.recording.marks and MarkName.SEND_END not in f.recording.marks,
        "{host:or The endpoint} answered before it had taken the whole request{sent:if  ({sent:bytes})}, and took no more of"
        " it. Over HTTP/2 Diptych can't read such an answer.",
        "It usually says that the request is too large: shorten it, or switch HTTP/2 off in the profile to see what it says.",
        changes.field("http2", False, "Switch HTTP/2 off")),
    Rule("head-timeout", lambda f: f.end.code == Wire.FIRST_BYTE_TIMEOUT and f.end.phase == "head",
        "{host:or The endpoint} began to answer, but the head of its answer was not whole " + WAITED + ".",
        "Try again later; if it stays, a proxy or the server hands the answer on drop by drop: tell its operator.",
        changes.longer("first_byte_s")),
    Rule("first-byte-timeout", lambda f: f.end.code == Wire.FIRST_BYTE_TIMEOUT,
        "{host:or The endpoint} took the request, but sent no answer " + WAITED + ".",
        "{could_stream:if Stream the answer, shorten the prompt, or allow|Shorten the prompt, or allow} a longer time for the"
        " first byte. A relay that waits for its upstream looks like this.",
        changes.longer("first_byte_s")),
    Rule("total-timeout-before-answer", lambda f: f.no_answer and f.end.code == Wire.TOTAL_TIMEOUT,
        "The time limit for the whole run was reached " + CAME + "; it had run " + WAITED + ".",
        "Raise the total time limit of the profile, or try again later.",
        changes.longer("total_s")),
    Rule("silence-in-sending", lambda f: f.no_answer and f.end.code == Wire.SILENCE_TIMEOUT and f.end.phase == "send",
        "{host:or The endpoint} took no more of the request{sent:if  ({sent:bytes})} " + WAITED + ".",
        "Try again later; if it stays, the endpoint or a proxy does not read requests of this size.",
        changes.longer("silence_s")),
    Rule("silence-before-answer", lambda f: f.no_answer and f.end.code == Wire.SILENCE_TIMEOUT,
        "{host:or The endpoint} was silent " + WAITED + " before its answer began.",
        "Try again later, or with a longer limit.",
        changes.longer("silence_s")),
    Rule("reset-kept", lambda f: f.no_answer and f.end.code in (Wire.RESET, Wire.SEND) and f.end.reused,
        "The server had closed the connection that was kept from the run before.",
        "Run it again: a new connection is made.",
        actions=offers.RUN),
    Rule("unsendable-header", lambda f: f.end.code == Wire.SEND and f.end.phase == "prepare",
        "Nothing was sent: the key or a header of the profile holds characters that HTTP can't carry.",
        "Enter the key anew, and look in the profile's headers for invisible characters and letters outside Latin-1.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("send", lambda f: f.no_answer and f.end.code == Wire.SEND,
        "The connection to {host:or the endpoint} broke while the request{sent:if  ({sent:bytes})} was being sent.",
        "Try again; if it stays, the endpoint or a proxy refuses requests of this size.",
        actions=offers.EDIT),
    Rule("http2-required-http1", lambda f: f.no_answer and f.end.code == Wire.RESET
        and f.end.detail.http2_error == "HTTP_1_1_REQUIRED",
        "{host:or The endpoint} does not take this request over HTTP/2 (HTTP_1_1_REQUIRED).",
        "Switch HTTP/2 off in the profile.",
        actions=offers.EDIT),
    Rule("http2-broken-off", lambda f: f.no_answer and f.end.code == Wire.RESET and f.end.detail.http2_error,
        "{host:or The endpoint} broke off without an answer, with the HTTP/2 error code {http2_error}.",
        "Try again later: REFUSED_STREAM and ENHANCE_YOUR_CALM mean that it has too much to do. If it stays, switch HTTP/2"
        " off in the profile.",
        actions=offers.EDIT),
    Rule("reset-in-head", lambda f: f.no_answer and f.end.code in (Wire.RESET, Wire.CUT) and f.end.phase == "head",
        "{host:or The endpoint} began to answer and closed the connection before the head of its answer was whole.",
        "Try again; if it stays, the server or a proxy before it fails while it answers: its log tells why.",
        actions=offers.EDIT),
    Rule("http-closed-at-once", lambda f: f.no_answer and f.end.code in (Wire.RESET, Wire.CUT) and f.address.is_http
        and f.end.closed_at_once and not f.end.proxy and not f.end.reused,
        "{host:or The endpoint} closed the connection as soon as it had a request in plain HTTP (http://).",
        "Servers that expect TLS do so: try {https_url}. If the server does speak plain HTTP there, it or a proxy before it"
        " failed: run it again, and look at its log.",
        lambda f: None if f.address.is_local else changes.base_url(lambda f: f.address.https)(f),
        actions=offers.EDIT),
    Rule("reset", lambda f: f.no_answer and f.end.code in (Wire.RESET, Wire.CUT),
        "{host:or The endpoint} closed the connection without an answer.",
        "Try again; if it stays, check the port and the scheme, and whether a firewall or a proxy breaks the connection.",
        actions=offers.EDIT),
    Rule("switches-protocols", lambda f: f.no_answer and f.end.code == Wire.NOT_HTTP
        and f.end.detail.reason == EndReason.UPGRADE,
        "{host:or The endpoint} switches to another protocol (status 101), which nobody asked for.",
        "The address leads to a WebSocket or the like: check the path of the base URL.",
        actions=offers.EDIT),
    Rule("http1-under-http2", lambda f: f.no_answer and f.end.detail.reason == EndReason.HTTP1_UNASKED,
        "{host:or The endpoint} chose HTTP/2 in the TLS handshake, and answers in HTTP/1.",
        "What ends TLS there offers HTTP/2 for a server that does not speak it: tell the operator. Switch HTTP/2 off in the"
        " profile to get an answer; the official Python SDKs ask over HTTP/1.1.",
        changes.field("http2", False, "Switch HTTP/2 off")),
    Rule("http2-broken", lambda f: f.no_answer and f.end.detail.reason == EndReason.HTTP2_BROKEN,
        "{host:or The endpoint} answers in HTTP/2, but breaks its rules: {wire_message}.",
        "Programs that speak HTTP/2 refuse such an answer: tell the operator. The official Python SDKs ask over HTTP/1.1;"
        " switch HTTP/2 off in the profile to see what they get.",
        changes.field("http2", False, "Switch HTTP/2 off")),
    Rule("head-broken",
        lambda f: f.no_answer and f.end.code == Wire.NOT_HTTP and f.end.phase == "head"
        and f.end.detail.reason != EndReason.NO_HTTP_LINE,
        "{host:or The endpoint} answers in HTTP, but the head of its answer breaks the rules: {wire_message}.",
        "The official Python SDKs refuse such an answer; other programs, such as those on Node's fetch, forgive some of it. The"
        " server, or a proxy before it, writes the head wrongly: tell its operator.",
        actions=offers.EDIT),
    Rule("not-http", lambda f: f.no_answer and f.end.code == Wire.NOT_HTTP,
        "What listens on port {port} of {host:or the endpoint} does not answer in HTTP.",
        "Check the port in the base URL.",
        actions=offers.EDIT),
    Rule("too-large-before-answer", lambda f: f.no_answer and f.end.code == Wire.TOO_LARGE,
        "The head of the answer is larger than any real one ({wire_message}).",
        "Check that the base URL leads to an API; the operator of the endpoint can look at the headers it sends.",
        actions=offers.EDIT),
    Rule("key-echo", lambda f: f.end.code == Wire.KEY_ECHO,
        "{host:or The endpoint} sent the key back inside a compressed answer (status {status}), where it can't be masked."
        " Storing ended there, " + CAME + ".",
        "Ask for the answer unpacked, so that the key in it can be masked. An endpoint should never repeat a key.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("unpacks-too-far", lambda f: f.end.code == Wire.TOO_LARGE and f.end.detail.reason == EndReason.DECODED_LIMIT,
        "The answer of {host:or the endpoint} is packed and unpacks to more than the size limit of this side"
        "{limit_bytes:if  ({limit_bytes:bytes})}."
        " What came before that was kept, then the connection was closed.",
        "Ask for fewer tokens, or raise the limit in the settings. No model writes that much: the endpoint may be broken."),
    Rule("internal", lambda f: f.end.code == Wire.INTERNAL,
        "A fault inside Diptych ended the run " + CAME + ".",
        "Run it again. If it comes back, please report it with this run saved to a file.",
        actions=offers.RUN),
)  # fmt: skip

"""The values that templates of the table name, each a function of the facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from app.diagnosis import served
from app.diagnosis.body_facts import QUOTE_CHARACTERS
from app.diagnosis.facts import Facts
from app.protocols.ends import end_word
from app.protocols.ids import MESSAGES
from app.protocols.registry import info, title
from app.recording.end_words import ca_words, end_words, proxy_words
from app.recording.records import EndReason
from app.text.sentences import Phrase, fields_of
from app.text.visible import one_line

_RAW_CHARACTERS = 40
_LABEL_CHARACTERS = 60
_FIELD_CHARACTERS = 500  # of any text from outside: what a head, an address or a list brings has no end of its own
_MAX_NAMES, _NAME_CHARACTERS = 5, 100  # of names that are listed
_SPACES = re.compile(r"\s+")

FIELDS: dict[str, Callable[[Facts], object]] = {
    # -- the address --------------------------------------------------------------------------------------------------
    "host": lambda f: f.address.host,
    "port": lambda f: f.address.port,
    "local": lambda f: f.address.is_local,
    "base": lambda f: f.address.base,
    "path": lambda f: f.address.asked.path,
    "vendor": lambda f: f.server.vendor,
    "usual_program": lambda f: Phrase(f.address.usual_program),
    "near_host": lambda f: f.address.near_host,
    "cleaned": lambda f: f.address.cleaned,
    "with_scheme": lambda f: f.address.with_scheme,
    "wrong_scheme": lambda f: f.address.wrong_scheme,
    "with_web_scheme": lambda f: f.address.with_web_scheme,
    "secured_base": lambda f: f.head.secured_base,
    "https_url": lambda f: f.address.https,
    "http_url": lambda f: f.address.http,
    "api_of_site": lambda f: f.address.api_of_site,
    "with_v1": lambda f: f.address.with_v1,
    "without_v1": lambda f: f.address.without_v1,
    "adds_v1": lambda f: not info(f.protocol).version_in_base_url,
    "pasted": lambda f: f.address.pasted,
    "without_endpoint": lambda f: f.address.without_endpoint,
    "corrected": lambda f: f.address.corrected,
    "pass_through": lambda f: f.address.names_vendor,
    "location": lambda f: f.head.location,
    "moved_base": lambda f: f.head.moved_base,
    # -- what was asked -----------------------------------------------------------------------------------------------
    "protocol": lambda f: title(f.protocol),
    "end_mark": lambda f: Phrase(info(f.protocol).end_mark),
    "model": lambda f: f.request.model,
    "counterpart": lambda f: f.models.counterpart,
    "near_models": lambda f: tuple(f"“{name}”" for name in f.models.near_names),
    "could_stream": lambda f: f.request.could_stream,
    "asked_max": lambda f: f.request.max_tokens,
    "sent": lambda f: f.request.size or None,
    "odd_tools": lambda f: f.request.odd_tools,
    "served_under": lambda f: title(served.under(f)),
    "takes_32_mb": lambda f: f.protocol == MESSAGES and f.server.is_official,
    "headers_known": lambda f: f.request.headers_known,
    "key_vendor": lambda f: f.request.key_vendor,
    # -- how it ended -------------------------------------------------------------------------------------------------
    "came": lambda f: f.end.came,
    "received": lambda f: f.end.received,
    "announced": lambda f: f.head.announced,
    "running": lambda f: f.body.running,
    "misnamed_end": lambda f: f.body.misnamed_end,
    "waited_s": lambda f: f.end.waited_s,
    "contentless_s": lambda f: f.end.contentless_s,
    "silent_s": lambda f: f.end.silent_s,
    "first_byte_s": lambda f: f.end.first_byte_s,
    "wire_message": lambda f: end_words(f.end.message),
    "http2_error": lambda f: f.end.detail.http2_error,
    "tls_alert": lambda f: f.end.detail.tls_alert,
    "peer": lambda f: f.recording.connection.peer if f.recording.connection else "",
    "numeric_host": lambda f: f.address.is_numeric,
    "plain_http": lambda f: f.end.detail.reason == EndReason.PLAIN_HTTP,
    "proxy": lambda f: f.end.proxy,
    "desktop_proxy": lambda f: f.end.detail.desktop_proxy,
    "proxy_says": lambda f: proxy_words(f.end.detail),
    "limit_bytes": lambda f: f.end.detail.limit_bytes,
    "ca_file": lambda f: f.end.detail.ca_file,
    "ca_says": lambda f: ca_words(f.end.detail),
    "certificate_names": lambda f: f.end.certificate_names,
    "certificate_issuer": lambda f: f.end.certificate_issuer,
    "trust_variable": lambda f: f.end.detail.trust_variable,
    "trust_path": lambda f: f.end.detail.trust_path,
    "trust_state": lambda f: f.end.detail.trust_state,
    "trust_stops_sdks": lambda f: f.end.detail.trust_variable == "SSL_CERT_FILE" and f.end.detail.trust_path,
    "certificate_begin": lambda f: f.end.certificate_begin,
    "certificate_end": lambda f: f.end.certificate_end,
    "expired_above": lambda f: f.end.expired_above,
    # -- what came ----------------------------------------------------------------------------------------------------
    "status": lambda f: f.status,
    "error_status": lambda f: f.status if f.status >= 400 else None,
    "closed_known": lambda f: _closed_known(f),
    "last_comment": lambda f: f.stray.last_comment,
    "stray_binary": lambda f: Phrase(f.stray.binary),
    "events_before_stray": lambda f: f.stray.events_before,
    "first_words": lambda f: f.body.first_words,
    "events": lambda f: f.body.events,
    "content_encoding": lambda f: one_line(f.recording.content_encoding, _LABEL_CHARACTERS),
    "page_title": lambda f: f.body.title,
    "body_start": lambda f: f.body.start,
    "first_data": lambda f: f.body.first_data,
    "unframed": lambda f: f.stray.words,
    "last_data": lambda f: f.body.last_words,
    "last_words": lambda f: f.stray.last_words,
    "stray_page": lambda f: f.stray.page,
    "stray_head": lambda f: f"{f.stray.head.status} {f.stray.head.reason}".strip() if f.stray.head else "",
    "binary": lambda f: Phrase(f.body.binary),
    "aws_exception": lambda f: f.body.aws_exception,
    "official": lambda f: f.server.is_official,
    "captured": lambda f: f.captured,
    "events_before": lambda f: f.events_before_error,
    "withheld_for": lambda f: f.body.withheld_for,
    "stop_word": lambda f: end_word(f.exchange.reading),
    "other_protocol": lambda f: title(f.other_protocol),
    "edge": lambda f: Phrase(f.server.edge),
    "cloudflare_code": lambda f: f.server.cloudflare_code,
    "gateway": lambda f: Phrase(f.gateway.name),
    "gateway_header": lambda f: f.gateway.header,
    "gateway_hint": lambda f: f.gateway.hint,
    "waits_60_s": lambda f: f.server.waits_60_s,
    # -- what the endpoint says ---------------------------------------------------------------------------------------
    "message": lambda f: _cut(f.error.message),
    "behind_200": lambda f: f.ok and not f.captured and f.error.is_told,
    "prompt_tokens": lambda f: f.error.fit.prompt if f.error.fit else None,
    "asked_tokens": lambda f: f.error.fit.asked if f.error.fit else None,
    "context_tokens": lambda f: f.error.fit.context if f.error.fit else None,
    "room_tokens": lambda f: f.error.fit.room if f.error.fit else None,
    "only_name": lambda f: f.error.only.name if f.error.only else "",
    "only_value": lambda f: f.error.only.value if f.error.only else "",
    "place": lambda f: f.error.place,
    "option": lambda f: f.error.option,
    "parameter": lambda f: f.error.parameter,
    "unsent_parameter": lambda f: f.error.unsent_parameter,
    "written_for": lambda f: f.error.written_for,
    "place_beyond": lambda f: f.error.place_beyond,
    "ceiling_tokens": lambda f: f.error.ceiling or None,
    "floor_tokens": lambda f: f.error.floor or None,
    "affordable_tokens": lambda f: f.error.affordable or None,
    "refused_parameter": lambda f: f.error.refused_parameter,
    "missing_parameter": lambda f: f.error.missing_parameter,
    "path_behind": lambda f: f.path_behind,
    "missing_header": lambda f: f.unseen_header,
    "request_headers_known": lambda f: bool(f.recording.request.headers),
    "again": lambda f: _again(f),
    "opens": lambda f: f.opens,
    "again_s": lambda f: f.again.seconds if f.again else None,
    "again_until": lambda f: f.again.until if f.again else "",
    "again_source": lambda f: f.again.source if f.again else "",
    "plan_window": lambda f: f.limits.told_window,
    "plan": lambda f: f.limits.plan,
    "quota_count": lambda f: f.limits.quota.count if f.limits.quota else None,
    "quota_unit": lambda f: f.limits.quota.unit if f.limits.quota else "",
    "quota_period": lambda f: f.limits.quota.period if f.limits.quota else "",
    "quota_free": lambda f: f.limits.quota.free if f.limits.quota else False,
    "alone_limit": lambda f: f.limits.alone.limit if f.limits.alone else None,
    "alone_requested": lambda f: f.limits.alone.requested if f.limits.alone else None,
    "again_raw": lambda f: f.again.raw[:_RAW_CHARACTERS] if f.again else "",
    # -- what was asked besides ---------------------------------------------------------------------------------------
    "answered_here": lambda f: f.other_paths.answered_here,
    "found_protocol": lambda f: f.other_paths.title,
    "found_path": lambda f: f.other_paths.path,
    "found_base": lambda f: f.other_paths.base_url,
    "found_address": lambda f: f.other_paths.address,
    "flaw": lambda f: f.other_paths.flaw,
}


def values(facts: Facts, templates: Iterable[str], known: Mapping[str, object] | None = None) -> dict[str, object]:
    """The fields that these templates name, texts in one line that has an end; those that are `known` already, as they are."""
    known = known or {}
    names = sorted(set().union(*map(fields_of, templates)) - known.keys())
    return {**{name: _in_one_line(FIELDS[name](facts)) for name in names}, **known}


def _in_one_line(value: object) -> object:
    if isinstance(value, tuple):
        names = tuple(one_line(_SPACES.sub(" ", name), _NAME_CHARACTERS) for name in value[:_MAX_NAMES])
        return names if len(value) <= _MAX_NAMES else (*names, "…")
    if isinstance(value, str) and not isinstance(value, Phrase):
        return one_line(_SPACES.sub(" ", value), _FIELD_CHARACTERS)
    return value


def _cut(message: str) -> str:
    return message if len(message) <= QUOTE_CHARACTERS else message[:QUOTE_CHARACTERS] + "…"


def _closed_known(f: Facts) -> bool:
    """Whether whoever recorded it saw the connection's proper end. Of an answer that ends with its TLS that is not known: many
    servers leave out the close_notify that would be one (RFC 9112, section 9.8).
    """
    connection, head = f.recording.connection, f.recording.head
    framed = f.head.header("content-length") or f.head.header("transfer-encoding") or (head and head.http_version == "HTTP/2")
    return bool(f.recording.marks or connection) and bool(framed or not connection or not connection.tls_version)


def _again(f: Facts) -> str:
    """In which way the endpoint says when it can be tried again (`app.diagnosis.wording`)."""
    if f.again is None:
        return "in_words" if f.says_when_in_words else "day" if f.limits.of_a_day else "unsaid"
    if f.again.seconds is None:
        return "at_time" if f.again.until else "no_time"
    return "at_once" if f.again.seconds < 0.001 else "at"

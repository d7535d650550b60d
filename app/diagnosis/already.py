"""A change that the request has already: it would alter nothing, and what is refused was never asked for so."""

from __future__ import annotations

from app.diagnosis.facts import Facts
from app.diagnosis.model import ProfileChange, Rule
from app.text.sentences import message

ALREADY_SO = Rule("already-so", lambda _: False,
    "{host:or The endpoint} refuses your request {already:select"
    " stream=as one that asks for no stream, though it asks for one"
    "|whole=for its stream, though it asks for none"
    "|version=for its version, though it sends anthropic-version 2023-06-01"
    "|beta=for a beta, though it asks for none"
    "|origin=as one from a browser, though it has no Origin header"
    "|agent=for its User-Agent, though it sends the official SDK's"
    "|content_type=for its content type, though that is application/json"
    "|more=for too few tokens, though it asks for {asked_max:grouped}"
    "|fewer=for too many tokens, though it asks for {asked_max:grouped} only"
    "|x_api_key=for a key as Bearer, though it has the key in x-api-key"
    "|}{message:if : {message:quoted}| (status {status})}.",
    "{official:if Nothing in your request explains it: ask {vendor}."
    "|A relay that writes the request anew before it passes it on makes such a refusal, or a proxy on the way: tell its"
    " operator. Nothing in your request is wrong.}")  # fmt: skip
UNPACKED_ALREADY = message(
    "It was asked for unpacked already (Accept-Encoding: identity): who answers, or passes the answer on, has to correct what"
    " it sends."
)
UNPACKED = "unpacked"
_HEADERS = {"origin": "origin", "user-agent": "agent", "content-type": "content_type", "accept-encoding": UNPACKED}


def already(change: ProfileChange, f: Facts) -> str:
    """What of the change the request was sent with already, as `ALREADY_SO` names it; "" where it alters something.

    Of a capture nobody knows what was sent: there each change counts.
    """
    headers_known = bool(f.recording.request.headers)
    match change.field:
        case "stream" if f.request.known and f.request.streams is change.value:
            return "stream" if change.value else "whole"
        case "max_tokens":
            return _tokens(change, f)
        case "anthropic_version" if f.recording.request.header("anthropic-version") == change.value:
            return "version"
        case "anthropic_beta" if headers_known and not f.request.sends("anthropic-beta"):
            return "beta"
        case "auth" if change.value == "x-api-key" and f.request.sends_x_api_key and not f.request.sends_bearer:
            return "x_api_key"
        case "headers" if headers_known:
            return _header(str(change.value), f)
    return ""


def _tokens(change: ProfileChange, f: Facts) -> str:
    asked = f.request.max_tokens
    if asked is None:
        return ""
    if change.value == f.error.floor:
        return "more" if asked >= f.error.floor else ""
    return "fewer" if asked <= int(change.value) else ""


def _header(assignment: str, f: Facts) -> str:
    name, _, value = assignment.partition("=")
    sent = (f.recording.request.header(name) or "").strip()
    name = name.lower()
    if name == "content-type":  # to take the profile's own out leaves ours
        value = "application/json"
    return _HEADERS.get(name, "") if sent.partition(";")[0].strip() == value else ""

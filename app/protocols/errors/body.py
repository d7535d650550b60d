"""An endpoint's error body, whatever its shape, to one `ErrorReading` with the endpoint's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from app.protocols.errors.upstream import READ_CHARACTERS, python_object, upstream_body, without_stack, without_tail
from app.protocols.reading import ErrorReading
from app.stream.sse import FIELD, SseEvent, SseParser
from app.text.binary import kind_of_bytes, words_of
from app.text.json_text import decode_json, mend_surrogates
from app.text.sentences import Phrase, message

MAX_MESSAGE_CHARACTERS = 2000
_BEGIN_BYTES = 200  # shown of a body in which no message can be made out
_READ_BYTES = 16384  # of a body that is not JSON: its first words are enough
# What is not closed goes on to the end, as in a browser.
_INVISIBLE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|svg)\b.*?(?:</\1\s*>|\Z)|<!\[CDATA\[", re.DOTALL | re.IGNORECASE
)
_WITHOUT_SCRIPTS = re.compile(r"<noscript\b[^<>]*>(.*?)</noscript\s*>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LOOKS_LIKE_HTML = re.compile(r"\s*(<!doctype|<html|<head|<body|<title|<h1|<p\b|<div|<\?xml|<!--)", re.IGNORECASE)
_PAGE = re.compile(r"(?:<!doctype html|<html)\b.*", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MESSAGE_KEYS = (
    "message",
    "msg",
    "Message",
    "error_msg",
    "status_msg",
    "error_message",
    "errorMessage",
    "error_description",
    "detail",
    "title",
)
_CODE_KEYS = ("code", "error_code", "errorCode", "err_code", "status_code", "Code", "status")
_FIELD = re.compile(FIELD)
_UNTOLD = ErrorReading(Phrase(message("an answer, and no error in it")), ours=True)
WORDLESS = ErrorReading(Phrase(message("an error event without words")), ours=True)
_GOOD_CODES = (None, "", 0, "0", 200, "200", 20000, "ok", "OK", "success", "Success", True)


def read_error_body(body: bytes, status: int) -> ErrorReading:
    """The error in a response body: Anthropic, OpenAI, FastAPI, one-api, Google, OAuth and problem+json shapes, an SSE
    frame around one of them, HTML or text. Where no message can be made out it is the body's begin; where it is an
    answer, words of ours. Never raises.
    """
    try:
        value = decode_json(body)
    except ValueError:
        return _read_unstructured(body, status)
    return _UNTOLD if _is_answer(value) else read_error_value(value) or _no_words(status, body)


def read_error_value(value: object) -> ErrorReading | None:
    """The error in a JSON value: the whole body, or what stands under `error`. None where it has no words to show."""
    try:
        error = _read_value(value)
    except RecursionError:
        return None
    return error if error and error.message else None


def read_unlabelled_error(value: dict[str, Any], *, answered: bool) -> ErrorReading | None:
    """The error of an object that has no `error`: a code that is none of success beside words, as vendors' own envelopes
    have it (MiniMax, Spark, Baidu, Hunyuan, FastAPI, AWS, panels). `answered`: there is an answer in it, beside which only
    MiniMax's counts.
    """
    match value:
        case {"base_resp": {"status_code": code}} if code not in _GOOD_CODES:
            return read_error_value(value)
    return read_error_value(value) if not answered and _says_failure(value) else None


def read_error_event(data: bytes) -> ErrorReading:
    """The error in an event that is called `error`, whatever its data is: JSON, plain words, or nothing."""
    if not data.strip():
        return WORDLESS
    try:
        return read_error_value(decode_json(data)) or WORDLESS
    except ValueError:
        return _read_words(data, 0)


def _is_answer(value: object) -> bool:
    """Whether a body is an answer of one of the three protocols, and tells of no error."""
    match value:
        case {"error": error} if error:
            return False
        case {"choices": [{"message": dict()}, *_]} | {"object": "response", "output": [_, *_]}:
            return True
        case {"type": "message", "content": [_, *_]}:
            return True
    return False


def _aws_exception(value: dict[str, Any]) -> dict[str, Any] | None:
    """An exception in Bedrock's streams, its name as `__type`: `{"throttlingException": {"message": …}}`; None for others."""
    match tuple(value.items()):
        case ((str() as name, {"message": str()} as inner),) if name.endswith("Exception"):
            return {"__type": name, "code": inner.get("originalStatusCode"), **inner}
    return None


def _says_failure(value: dict[str, Any]) -> bool:
    match value:
        case {"header": {"code": code, "message": str()}}:
            return code not in _GOOD_CODES
        case {"Response": {"Error": dict()}} | {"success": False} | {"__type": str(), "message": str()}:
            return True
        case {"errors": inner} | {"detail": inner} | {"error_msg": inner} if inner:
            return not {"content", "data", "result"} & value.keys()
    said = isinstance(value.get("message") or value.get("msg"), str)
    coded = said and any(value.get(key) not in _GOOD_CODES for key in ("code", "error_code", "status_code"))
    return coded or _aws_exception(value) is not None


def _read_value(value: Any) -> ErrorReading | None:
    match value:
        case str() if value.strip():
            text = without_stack(value)
            if wrapped := _read_wrapped(text):
                return wrapped
            text = text[:READ_CHARACTERS]
            own = ErrorReading(_clean(without_tail(text)))
            return _read_upstream(text, own) or own
        case [first, *_]:
            return _read_list(value) if isinstance(first, Mapping) and "msg" in first else _read_value(first)
        case {"error": inner} if inner:
            return _with_outer(_read_value(inner), value)
        case {"errors": inner} if inner:
            return _read_value(inner)
        case {"detail": dict() | list() as inner} if inner:
            return _read_value(inner)
        case {"response": {"error": dict() as inner}} | {"Response": {"Error": dict() as inner}}:
            return _read_value(inner)
        case {"base_resp": {"status_msg": str()} as inner} | {"header": {"code": int(), "message": str()} as inner}:
            return _read_value(inner)
        case dict():
            value = _aws_exception(value) or value
            return _read_object(value) or _read_bare_code(value)
    return None


def _read_object(value: dict[str, Any]) -> ErrorReading | None:
    message = next((text for key in _MESSAGE_KEYS if (text := value.get(key)) and isinstance(text, str)), "")
    message = without_stack(message or _some_message(value))
    if inner := _read_wrapped(message):
        return msgspec.structs.replace(inner, code=inner.code or _first_code(value))
    if not message:
        nested = next((value[key] for key in _MESSAGE_KEYS if isinstance(value.get(key), dict | list) and value[key]), None)
        return _read_value(nested) if nested else None
    if raw := _read_raw(value):
        return raw
    message = message[:READ_CHARACTERS]
    words, page = _without_page(message)
    own = ErrorReading(
        _clean(without_tail(_with_upstream(words, value))),
        type=_word(value.get("type") or value.get("__type") or value.get("status")),
        code=_first_code(value),
        param=_word(value.get("param")),
        upstream=page,
    )
    return _read_upstream(message, own) or own


def _read_upstream(message: str, own: ErrorReading) -> ErrorReading | None:
    """The upstream's error out of a relay's words around it; what it does not say is taken from the relay's `own`."""
    body = upstream_body(message)
    said = ErrorReading(_clean(_without_page(body)[0])) if isinstance(body, str) else _read_value(body)
    if said is None or not said.message:
        return None
    return ErrorReading(said.message, said.type or own.type, said.code or own.code, said.param or own.param, upstream=True)


def _some_message(value: dict[str, Any]) -> str:
    """The words under a name that nobody else uses (`html-message`, `failureMessage`), "" where there are none."""
    named = (text for key, text in value.items() if key.lower().endswith("message"))
    return next((text for text in named if isinstance(text, str)), "")


def _without_page(message: str) -> tuple[str, bool]:
    """A message that ends in a web page, as relays pass on their upstream's, as a reader would see it; whether it does."""
    if _LOOKS_LIKE_HTML.match(message):
        return readable_html(message), True
    page = _PAGE.search(message)
    return (message[: page.start()] + readable_html(page.group()), True) if page else (message, False)


def _read_wrapped(text: str) -> ErrorReading | None:
    """The error in words that are an upstream's whole JSON body, as relays pass it on."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = decode_json(text)
    except ValueError:
        value = python_object(text)
    if not isinstance(value, dict) or (inner := _read_value(value)) is None:
        return None
    return msgspec.structs.replace(inner, upstream=True) if value.get("error") else inner


def _read_bare_code(value: dict[str, Any]) -> ErrorReading | None:
    kind, code = _word(value.get("type")), _first_code(value)
    kind = "" if kind == "error" else kind  # the event's own type, which says nothing of the error
    return ErrorReading(code or kind, type=kind, code=code) if kind or code else None


def _with_upstream(message: str, value: dict[str, Any]) -> str:
    """OpenRouter says "Provider returned error" and keeps the provider's own words in `metadata.raw`."""
    match value.get("metadata"):
        case {"raw": str() as raw} if raw and raw not in message:
            return f"{message}: {raw}"
    return message


def _read_raw(value: dict[str, Any]) -> ErrorReading | None:
    """The provider's own error where OpenRouter keeps it whole, as JSON, in `metadata.raw`."""
    match value.get("metadata"):
        case {"raw": str() as raw}:
            return _read_wrapped(raw[:READ_CHARACTERS])
    return None


def _first_code(value: dict[str, Any]) -> str:
    match value.get("details"):  # Anthropic's machine code
        case {"error_code": str() as code}:
            return _word(code)
    return next((_word(value[key]) for key in _CODE_KEYS if value.get(key) not in (None, "")), "")


def _with_outer(inner: ErrorReading | None, value: dict[str, Any]) -> ErrorReading | None:
    """What an outer object adds: words where the inner one is a bare code (`{"error": "x", "message": "..."}`)."""
    outer = _read_object({key: item for key, item in value.items() if key not in ("error", "type")})
    if outer is None or inner is None:
        return outer or inner
    if isinstance(value["error"], str):
        return ErrorReading(outer.message, type=inner.message[:100], code=outer.code, param=outer.param)
    return inner


def _read_list(items: list[Any]) -> ErrorReading | None:
    """FastAPI's validation errors: `[{"loc": ["body", "model"], "msg": "Field required", "type": "missing"}]`."""
    parts = []
    for item in items[:5]:
        match item:
            case {"loc": list() as place, "msg": str() as text}:
                parts.append((".".join(str(step) for step in place), text, _word(item.get("type"))))
            case {"msg": str() as text}:
                parts.append(("", text, _word(item.get("type"))))
    if not parts:
        return None
    message = "; ".join(f"{place}: {text}" if place else text for place, text, _ in parts)
    return ErrorReading(_clean(message), type=parts[0][2], param=parts[0][0])


def _read_unstructured(body: bytes, status: int) -> ErrorReading:
    if kind := kind_of_bytes(body):
        return ErrorReading(Phrase(message("HTTP {status} with {kind}"), status=status, kind=Phrase(kind)), ours=True)
    return _read_framed(body) or _read_words(body, status)


def _read_words(body: bytes, status: int) -> ErrorReading:
    """A page, or plain words."""
    text = mend_surrogates(words_of(body[:_READ_BYTES]))
    if _LOOKS_LIKE_HTML.match(text):
        text = readable_html(text)
    words = _clean(text)
    return ErrorReading(words) if words else _no_words(status, body)


def _read_framed(body: bytes) -> ErrorReading | None:
    """An error sent as server-sent events though the status says error: the first event that is one, else the first of plain
    words. None for what is no stream.
    """
    if not _FIELD.match(body.lstrip()):
        return None
    events = SseParser().feed(body[: 4 * _READ_BYTES].lstrip() + b"\n\n")
    told = (_error_in_event(event) for event in events)
    words = (read_error_event(event.data) for event in events if _is_words(event.data))
    return next((one for one in told if one), None) or next(words, _UNTOLD)


def _error_in_event(event: SseEvent) -> ErrorReading | None:
    if event.type == "error":
        return read_error_event(event.data)
    try:
        value = decode_json(event.data)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    says = value.get("error") or "error" in (value.get("type"), value.get("object"))
    nested = isinstance(inner := value.get("response"), dict) and inner.get("error")
    if says or nested or any(isinstance(value.get(key), str) for key in _MESSAGE_KEYS):
        return read_error_value(value)
    return read_unlabelled_error(value, answered="choices" in value)


def _is_words(data: bytes) -> bool:
    """Whether an event's data is words, neither JSON nor the mark of an end."""
    return bool(data.strip()) and not data.lstrip().startswith((b"{", b"[", b":"))  # `[DONE]` is none either


def readable_html(text: str) -> str:
    """The title of a page, or the first words a reader would see; of one that scripts make, those for readers without them."""
    title = _TITLE.search(text)
    from html import unescape  # its table takes half a megabyte, and few errors are pages

    words = unescape(title.group(1)).strip() if title else ""
    if words and words.lower() != "error":  # Express says no more than that in its title
        return words
    seen = unescape(_TAG.sub(" ", _INVISIBLE.sub(" ", _TITLE.sub("", text) if words else text)))
    if not seen.strip() and (instead := _WITHOUT_SCRIPTS.search(text)):
        return unescape(_TAG.sub(" ", instead[1]))
    return seen


def _clean(text: str) -> str:
    flat = " ".join(_CONTROL.sub(" ", mend_surrogates(text)).split())
    return flat if len(flat) <= MAX_MESSAGE_CHARACTERS else flat[: MAX_MESSAGE_CHARACTERS - 1] + "…"


def _word(value: object) -> str:
    return _clean(str(value))[:200] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _no_words(status: int, body: bytes) -> ErrorReading:
    """Where no message can be made out: the body's begin as it is, or what we say of an empty one."""
    text = _clean(body[:_BEGIN_BYTES].decode("utf-8", "replace"))
    return (
        ErrorReading(text + "…" * (len(body) > _BEGIN_BYTES))
        if text
        else ErrorReading(Phrase(message("HTTP {status} with an empty body"), status=status), ours=True)
    )

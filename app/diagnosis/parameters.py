"""Which field of a request an error text is about, told by the endpoints' own phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.protocols.reading import ErrorReading
from app.text.patterns import Late, late

_NAME = r"[`'\"\\‘“]{0,4}([a-z_][\w.\[\]]{0,99})"  # a word has an end: each is tried from each of its letters
# Phrases that name a field by themselves.
_REFUSED = [
    late(pattern)
    for pattern in (
        rf"(?:unsupported|unknown|unexpected|unrecognized) (?:request )?(?:parameter|argument|field|name|key)s?(?: supplied)?:?"
        rf" {_NAME}",
        # "invalid" may be said of its value as well: "Invalid parameter: messages with role 'tool' must be ..."
        rf"invalid (?:request )?(?:parameter|argument|field|name|key)s?(?: supplied)?:? {_NAME}(?!\w| (?:with|in|at|of|for)\b)",
        rf"{_NAME}: extra inputs are not permitted",
        rf"{_NAME}[`'\"’”] was unexpected",
        rf"unexpected keyword argument {_NAME}",
        rf"no such (?:field|parameter):? {_NAME}",
        rf"does not support parameters?: \[?{_NAME}",
        r"extraneous key \[([a-z_][\w.]*)\] is not permitted",
    )
]
# Phrases that fit any noun: they count only for a field that the request has.
_REFUSED_IF_SENT = [
    late(pattern)
    for pattern in (
        rf"{_NAME}[`'\"’”]? (?:is|are) (?:not (?:currently )?(?:supported|allowed|permitted|available)|deprecated|unsupported)",
        rf"(?:does not|doesn't|do not|not) support (?:the )?(?:parameter |field |option )?{_NAME}",
        rf"不支持(?:参数)?[：: ]*{_NAME}",
    )
]
_MISSING = [
    late(pattern)
    for pattern in (
        rf"missing (?:a )?(?:required )?(?:parameter|argument|field|property)s?:? {_NAME}",
        rf"{_NAME}: (?:field required|missing(?! \w))",
        r"[`'\"‘“]?\b(model|messages|max_tokens|max_completion_tokens|input|prompt|content|instructions"
        r"|role)[`'\"’”]? (?:is|are) (?:a )?(?:required|missing)",
        rf"you must provide (?:a |an |the )?{_NAME}(?: parameter|[`'\"’”.,]|$)",
    )
]
_REQUIRED = ("messages", "input", "max_tokens", "prompt", "model")  # what no answer has, so that a request is meant
_ONLY = [
    late(pattern)
    for pattern in (
        rf"invalid {_NAME}[`'\"’”]?: only [`'\"]?([\w.]+)[`'\"]? is allowed",
        rf"{_NAME}[`'\"’”]? (?:must be|has to be|can only be|only supports|should be) [`'\"]?([\d.]+)[`'\"]?"
        r"(?: for| with|\.?$|\.? \|)",
        rf"{_NAME}[`'\"’”]? does not support .{{1,40}} only the default \(([\w.]+)\) value",
        rf"{_NAME}[`'\"’”]? (?:must be|has to be|should be) (?:set to )?[`'\"]?(true|false)\b",
        rf"only [`'\"]?([\d.]+)[`'\"]? is (?:allowed|supported) (?:for|as) {_NAME}",
    )
]
_PLACE = late(r"\b(?:messages|input|contents)(?:\.\d+|\[\d+\])(?:[.\w\[\]]*)")
# A place inside what a request may lack as a whole.
_PATH = late(r"\b(?:tools(?:\.\d+|\[\d+\])|(?:thinking|reasoning|output_config)\.[a-z_]\w*)")
# Fields that a relay writes as one another, from protocol to protocol and for newer models.
_ALIKE = (
    ("max_tokens", "max_completion_tokens", "max_output_tokens"),
    ("reasoning_effort", "reasoning", "output_config", "thinking"),
    ("response_format", "text", "output_format"),
    ("system", "instructions"),
    ("stop", "stop_sequences"),
    ("tools", "functions"),
    ("tool_choice", "function_call"),
)
_ARMS = "union["  # pydantic tells what each form that a field may have would need: nothing of that need be missing
_HEADER = r"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"
# "missing or invalid": which of them is not said
_HEADER_MISSING = late(
    rf"(?:\b{_HEADER}[`'\"]? or [`'\"]?)?\b{_HEADER}[`'\"]?:? (?:http )?(?:request )?header is (?:required|missing)(?! or\b)"
    r"|(?<!or )\b(?:missing|requires?)(?: the| a)?(?: required)?(?: http)?(?: request)?"
    rf" header(?::? [`'\"]?{_HEADER}|: [`'\"]?([a-z0-9]+)[`'\"]?(?=\.?$|\.? \|))"
)
_VENDORS_HEADERS = (
    "x-api-key", "api-key", "x-goog-api-key", "authorization", "anthropic-version", "anthropic-beta", "content-type",
)  # fmt: skip
_VALUE_CODES = {"unsupported_value", "invalid_value"}
_REFUSED_CODES = {"unknown_parameter", "unsupported_parameter"}
_MISSING_CODES = {"missing_required_parameter", "missing_parameter", "missingparameter", "missing"}
# OpenAI's options that Claude endpoints and relays often lack (PROTOCOLS 7.1), and what to do without them.
OPTION_HINTS = {
    "n": "Ask several times instead.",
    "logprobs": "There is nothing in its place.",
    "top_logprobs": "There is nothing in its place.",
    "logit_bias": "There is nothing in its place.",
    "presence_penalty": "Say in the prompt what should not be repeated.",
    "frequency_penalty": "Say in the prompt what should not be repeated.",
    "seed": "Answers can't be fixed there.",
    "function_call": "Use `tool_choice`.",
    "functions": "Use `tools`.",
    "response_format": "Ask for JSON in the prompt, or force a tool whose schema is the form you need.",
    "stream_options": "The stream then comes without its usage.",
    "parallel_tool_calls": "Expect several calls in one answer.",
    "store": "Nothing is stored there.",
    "service_tier": "The endpoint chooses its own.",
    "reasoning_effort": "Choose a model by how much it thinks.",
}
SAMPLING = ("temperature", "top_p", "top_k")


def refused_parameter(text: str, error: ErrorReading, request: Mapping[str, object]) -> str:
    """The field that the endpoint does not take, "" where its text names none. `text` is the error in lower case."""
    if error.code in _REFUSED_CODES and error.param:
        return _bare(error.param)
    if name := _first(_REFUSED, text):
        return name
    name = next((name for name in _all(_REFUSED_IF_SENT, text) if name in request), "")
    spoken = error.param in request and error.param.replace("_", " ") in text and "not support" in text
    return name or (_bare(error.param) if spoken else "")


def missing_parameter(text: str, error: ErrorReading) -> str:
    """The field that the endpoint misses, or ""."""
    if error.param and (error.code.lower() in _MISSING_CODES or error.type in _MISSING_CODES):
        return _bare(error.param)
    return "" if _ARMS in text else _first(_MISSING, text)


def missing_headers(text: str) -> tuple[str, ...]:
    """The headers any of which an endpoint misses, by an error's lower-case text; () where it names none."""
    found = _HEADER_MISSING().search(text)
    return tuple(name for name in found.groups() if name) if found else ()


def is_gateways_header(name: str) -> bool:
    """Whether a header is a gateway's own (`helicone-auth`), none of those that the vendors' APIs have."""
    return name not in _VENDORS_HEADERS


def option_named(text: str, error: ErrorReading, request: Mapping[str, object]) -> str:
    """An OpenAI option that was sent and that the error is about, or ""."""
    for name in OPTION_HINTS:
        if name in request and (error.param == name or re.search(rf"[`'\"]{name}[`'\"]|\b{name}\b(?<!\bn)", text)):
            return name
    return ""


def unsent_candidates(text: str, error: ErrorReading, refused: str, only: Only | None, *, missing: bool) -> Iterator[str]:
    """The fields that an error says it does not take, as they stand in it; those whose name may be a plain word are left out.

    That a field is `missing`, or has to have a value, is said of one that is not there as well.
    """
    demands = missing or re.search(r"\b(?:must|has to|should) be (?:set )?", text)
    if (
        refused
        and not missing
        and ("_" in refused or "." in refused or error.param == refused or re.search(rf"[`'\"]{re.escape(refused)}", text))
    ):
        yield refused
    if only and not demands:
        yield only.name
    if error.param and error.code in _VALUE_CODES and not demands and not place("", error.param):
        yield error.param


def places_named(text: str) -> list[str]:
    """The places in fields that a request may lack as a whole, as an error's lower-case text names them."""
    return [found.group().rstrip(".") for found in _PATH().finditer(text)]


def written_for(name: str, request: Mapping[str, object]) -> str:
    """The request's field that a relay may have written as `name`, which the request does not have; "" for none."""
    first = re.split(r"[.\[]", name)[0]
    alike = next((names for names in _ALIKE if first in names), ())
    return next((one for one in alike if one in request and one != first), "")


def named_field(text: str, request: Mapping[str, object]) -> str:
    """The request's field whose value an error's lower-case text is about, by its form alone, as `a[0].b`; "" for none."""
    if found := re.search(r"go struct field \w+\.([a-z_]\w*)[\w.]* of type", text):
        return found[1]
    found = re.match(r"[`'\"]?(([a-z_]\w{0,99})[\w.\[\]]{0,99})[`'\"]?: ", text)
    return re.sub(r"\.(\d+)", r"[\1]", found[1])[:60] if found and found[2] in request else ""


class Only(NamedTuple):
    """A field and the one value that it may have."""

    name: str
    value: str


def only_value(text: str, param: str) -> Only | None:
    """The field that takes one value only, by an error's lower-case text; None where it names none."""
    for pattern in _ONLY:
        if found := pattern().search(text):
            groups = found.groups() if pattern is not _ONLY[-1] else found.groups()[::-1]
            name = _bare(groups[0])
            return Only(param if name == "value" and param else name, groups[1].strip("."))
    return None


def required_of_request(name: str) -> bool:
    """Whether a field is one that every request of a protocol has, and no answer."""
    return name in _REQUIRED


def place(text: str, param: str) -> str:
    """Where in the messages an error is, in brackets: `messages.1.content.1` is `messages[1].content[1]`."""
    found = _PLACE().search(text) or _PLACE().search(param.lower())
    return re.sub(r"\.(\d+)", r"[\1]", found.group().rstrip(".")) if found else ""


def _all(patterns: list[Late], text: str) -> list[str]:
    return [_bare(found.group(1)) for pattern in patterns for found in pattern().finditer(text)]


def _first(patterns: list[Late], text: str) -> str:
    return next(iter(_all(patterns, text)), "")


def _bare(name: str) -> str:
    return name.removeprefix("body.").strip(".`'\"")[:60]

"""How refusals look: the vendor's document with its type, code and field, a request id; and what they give away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.checks.catalogue.errors import PROBES
from app.checks.check import FREE, Check, Group
from app.checks.judgement import Evidence, Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.protocols.ids import MESSAGES
from app.protocols.registry import info
from app.recording.records import find_header
from app.text.json_text import decode_json
from app.text.sentences import Phrase, message
from app.text.urls import split_url

_STEPS = tuple(one.step for one in PROBES)
_TITLES = {one.step: one.title for one in PROBES}
_IN_SENTENCE = {
    "malformed": message("malformed JSON"),
    "wrong_type": message("wrong type"),
    "missing": message("missing field"),
    "unknown_field": message("unknown field"),
    "bad_role": message("unknown role"),
    "unknown_model": message("unknown model"),
    "unknown_path": message("unknown path"),
    "negative_limit": message("negative limit"),
}
_READS = tuple(one.check for one in PROBES)

_BY_CHANCE = frozenset({402, 408, 429})
_NONE_REFUSED = "{who} refused none of the broken requests, so that there is nothing to look at."
_LIKE = (
    "{who}'s refusals have the vendor's shape{nested:if ; some hold another error inside, which recovery by wording misses}."
)
_ODD = "{who} refuses in another shape than the vendor's ({shapes:list}): a program that reads the error's type finds none."
_TYPES = "{who} names other types of error than the control: {types:list}."
_UNNAMED = "{who} does not name the field that is wrong where the control does ({fields:list})."
_PASS_ON = "Have error bodies passed on unchanged."

_ID = "{who} gives each refusal a request id ({name})."
_NO_ID = "{who} gives refusals no request id ({name}): the vendor's support asks for it."
_NO_ID_EITHER = "Neither {who} nor the control gives refusals a request id."

_CLEAN = "{who}'s refusals give nothing away: no key, address, stack frame or variable."
_KEY_BACK = "{who} sends the key back in an error, where logs keep it."
_FOREIGN_KEY = "{who} shows what looks like another key in an error: {quote}."
_GIVES_AWAY = "{who} shows {whats:list} in its errors: {quote}."

_SHAPE_NAMES = {
    "empty": Phrase(message("nothing at all")),
    "html": Phrase(message("a web page")),
    "text": Phrase(message("plain text")),
    "detail": Phrase(message("FastAPI's `detail`")),
    "list": Phrase(message("a list")),
    "anthropic-error": Phrase(message("Anthropic's")),
    "openai-error": Phrase(message("OpenAI's")),
    "bare": Phrase(message("an `error` that is text")),
    "other": Phrase(message("JSON of its own")),
}


class Refusal(msgspec.Struct, frozen=True):
    """A refusal as it looks: its shape, the error's type and code ("" for none), and its words."""

    step: str
    shape: str
    type: str
    code: str
    words: str
    nested: bool


def refusals(steps: Steps) -> dict[str, Refusal]:
    """Those of the broken requests that were refused, by step; a limit that was met by chance looks otherwise."""
    return {
        step: _refusal(step, one)
        for step in _STEPS
        if (one := steps.get(step)) is not None and 400 <= one.status < 500 and one.status not in _BY_CHANCE
    }


def _refusal(step: str, one: Exchange) -> Refusal:
    body = bytes(one.decoded.data).strip()
    error = one.reading.error
    words = f"{error.message} {error.param}" if error is not None and not error.ours else ""
    nested = bool(error and error.upstream) or bool(re.search(r'\{\s*\\?"(?:error|type)\\?"\s*:', words))
    kind, code = (error.type, error.code) if error is not None else ("", "")
    return Refusal(step, shape_of(body), kind or "", code or "", words, nested)


def shape_of(body: bytes) -> str:
    """The shape of an error's body: a key of the table of shapes."""
    if not body or body.startswith(b"<"):
        return "html" if body else "empty"
    try:
        document = decode_json(body)
    except ValueError:
        return "text"
    if not isinstance(document, dict):
        return "list" if isinstance(document, list) else "text"
    error = document.get("error")
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        if document.get("type") == "error" and isinstance(error.get("type"), str):
            return "anthropic-error"
        return "openai-error" if "type" in error else "other"
    if isinstance(error, str):
        return "bare"
    return "detail" if "detail" in document else "other"


def _judge_shape(steps: Steps, control: Steps | None) -> Judged:
    """The control's own refusals are the measure where it speaks the same protocol, else the protocol's vendor."""
    found = refusals(steps)
    if not found:
        return _undecided(steps)
    theirs = refusals(control) if control is not None and control.protocol == steps.protocol else {}
    wanted = info(steps.protocol).error_format
    odd = [one for one in found.values() if one.shape not in (wanted, theirs[one.step].shape if one.step in theirs else wanted)]
    pairs = [(one, theirs[one.step]) for one in found.values() if one.step in theirs]
    types = [
        (mine, other)
        for mine, other in pairs
        if (other.type and mine.type != other.type) or (other.code and mine.code != other.code)
    ]
    unnamed = [mine.step for mine, other in pairs if _names_field(steps, other) and not _names_field(steps, mine)]
    nested = any(one.nested for one in found.values())
    verdict, reason, sentence, harm = Verdict.PASS, "nested" if nested else "like", _LIKE, None
    bad: list[str] = []
    if odd:
        verdict, reason, sentence, harm = Verdict.DIFFERS, "odd_shape", _ODD, Severity.LOSES
        bad = [one.step for one in odd]
    elif types:
        verdict, reason, sentence, harm = Verdict.DIFFERS, "other_type", _TYPES, Severity.LOSES
        bad = [mine.step for mine, _ in types]
    elif unnamed:
        verdict, reason, sentence, harm = Verdict.DIFFERS, "field_unnamed", _UNNAMED, Severity.NOTE
        bad = unnamed
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={
            "nested": nested,
            "shapes": list(dict.fromkeys(_SHAPE_NAMES[one.shape] for one in odd)),
            "types": list(
                dict.fromkeys(
                    Phrase(message("{type} for {usual}"), type=_kind(mine), usual=_kind(other)) for mine, other in types
                )
            )[:3],
            "fields": [Phrase(_IN_SENTENCE[step]) for step in unnamed],
            "count": len(found),
            "bad": len(bad),
        },
        short="{bad} of {count} differ",
        advice=_PASS_ON if bad else "",
        measured=tuple(Measured(_TITLES[step], f"{one.shape}, {_kind(one)}") for step, one in found.items()),
        evidence=_evidence(steps, bad or list(found)),
        harm=harm,
    )


def _kind(one: Refusal) -> str:
    return " ".join(filter(None, (one.type, one.code))) or Phrase(message("no type"))


def _names_field(steps: Steps, one: Refusal) -> bool:
    """Whether a refusal names what is wrong: the field, or the model that does not exist."""
    turns = "input" if steps.protocol == "openai-responses" else "messages"
    wanted = {"wrong_type": turns, "missing": turns, "unknown_field": "zz_probe", "unknown_model": "no-such-model"}
    return one.step in wanted and wanted[one.step] in one.words


def _undecided(steps: Steps) -> Judged:
    if not any(steps.get(step) for step in _STEPS):
        return steps.not_asked()
    return Judged(verdict=Verdict.INCONCLUSIVE, reason="none_refused", sentence=_NONE_REFUSED)


def _evidence(steps: Steps, names: list[str]) -> tuple[Evidence, ...]:
    return tuple(steps.evidence(step) for step in names[:5])


def _judge_id(steps: Steps, control: Steps | None) -> Judged:
    found = list(refusals(steps))
    if not found:
        return _undecided(steps)
    name = "request-id" if steps.protocol == MESSAGES else "x-request-id"
    without = [step for step in found if not _header(steps, step, name)]
    theirs = control is None or any(_header(control, step, name) for step in refusals(control))
    other_protocol = control is not None and control.protocol != steps.protocol
    missing = len(without) == len(found)
    verdict, reason, sentence = Verdict.PASS, "has_id", _ID
    if missing and theirs and not other_protocol:
        verdict, reason, sentence = Verdict.DIFFERS, "no_id", _NO_ID
    elif missing:
        verdict, reason, sentence = Verdict.UNSUPPORTED, "no_id_either", _NO_ID_EITHER
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"name": name, "with": len(found) - len(without), "count": len(found)},
        short="{with} of {count}",
        measured=(Measured("refusals with a request id", len(found) - len(without), n=len(found)),),
        evidence=_evidence(steps, without or found),
        harm=Severity.NOTE,
    )


def _header(steps: Steps, step: str, name: str) -> str:
    one = steps.get(step)
    head = one.recording.head if one is not None else None
    return (find_header(head.headers, name) or "") if head is not None else ""


_KEY_SHAPES = re.compile(
    r"\b(?:(?:sk|pk|csk|xai|nvapi|pplx)-(?=[\w-]*\d)[\w-]{8,}|(?:gsk|hf|fw|ghp|gho)_(?=\w*\d)\w{16,}|AIza[\w-]{30,}|AKIA[0-9A-Z]{16})"
)
_THE_KEY, _A_KEY = Phrase(message("the key")), Phrase(message("a key"))
_LEAKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        Phrase(message("a stack frame")),
        re.compile(
            r'Traceback \(most recent call last\)|File "[^"\n]+", line \d+|\bat [\w.$<>]+ ?\([^()\s]+:\d+(?::\d+)?\)'
            r"|\bgoroutine \d+ \[|/[\w./-]+\.(?:go|py|js|ts|rs):\d+"
        ),
    ),
    (
        Phrase(message("a private address")),
        re.compile(
            r"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b|\b[\w-]+\.(?:svc\.)?cluster\.local\b"
        ),
    ),
    (
        Phrase(message("a variable of its environment")),
        re.compile(r"\b[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:KEY|TOKEN|SECRET|PASSWORD)\b"),
    ),
)
_URL = re.compile(r"https?://([\w.-]+)(?::\d+)?(/[^\s\"'<>)]*)?")
_API_PATH = re.compile(r"/v\d+(?:beta)?/|/chat/completions|/messages|/responses|:generateContent")


def _judge_leaks(steps: Steps, control: Steps | None) -> Judged:
    """False alarms: paths and variables in the words of documentation, so that these are notes, and so is what the control
    shows as well; addresses of the endpoint itself are none."""
    if not any(steps.get(step) for step in _STEPS):
        return steps.not_asked()
    found = list(_leaks(steps))
    theirs = {what for _, what, _ in _leaks(control)} if control is not None else set()
    found = [one for one in found if one[1] not in theirs]
    kinds = list(dict.fromkeys(what for _, what, _ in found))
    verdict, reason, sentence, harm = Verdict.PASS, "clean", _CLEAN, None
    if _THE_KEY in kinds:
        verdict, reason, sentence, harm = Verdict.FAIL, "key_back", _KEY_BACK, Severity.LOSES
    elif _A_KEY in kinds:
        verdict, reason, sentence, harm = Verdict.FAIL, "foreign_key", _FOREIGN_KEY, Severity.LOSES
    elif kinds:
        verdict, reason, sentence, harm = Verdict.DIFFERS, "gives_away", _GIVES_AWAY, Severity.NOTE
    quote = next((text for _, what, text in found if what != _THE_KEY), "")
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"whats": kinds, "quote": quote, "count": len(kinds)},
        short="{whats:list}" if kinds else message("nothing"),
        measured=(Measured("given away", ", ".join(kinds), n=len(kinds)),),
        evidence=_evidence(steps, list(dict.fromkeys(step for step, _, _ in found))),
        harm=harm,
    )


def _leaks(steps: Steps) -> Iterator[tuple[str, str, str]]:
    """What refusals give away: (step, what, a quotation with its secrets masked)."""
    for step in _STEPS:
        one = steps.get(step)
        if one is None or one.status < 400:
            continue
        if any(mask.where not in ("sent", "cookie") for mask in one.recording.masks):
            yield step, _THE_KEY, ""
        error = one.reading.error
        text = bytes(one.decoded.data[: 1 << 16]).decode("utf-8", "replace")
        text += f"\n{error.message}" if error is not None and not error.ours else ""  # without JSON's escapes
        if key := _KEY_SHAPES.search(text):
            yield step, _A_KEY, f"{key[0][:6]}…"
        host = split_url(one.recording.request.url).hostname or ""
        for what, pattern in _LEAKS:
            if (shown := pattern.search(text)) and shown[0] != host:
                yield step, what, shown[0][:80]
        for url in _URL.finditer(text):
            if url[1] != host and _API_PATH.search(url[2] or ""):
                yield step, "the address of an upstream", url[1]


CHECKS = (
    Check(
        id="error_shape",
        group=Group.ERRORS,
        title="Shape of errors",
        proves="Refusals have the vendor's document: type, code and field can be read by programs.",
        loss="errors have another shape",
        cost=FREE,
        reads=_READS,
        judge=beside(_judge_shape),
    ),
    Check(
        id="error_request_id",
        group=Group.ERRORS,
        title="Request id of errors",
        proves="Refusals carry the request id that support asks for.",
        loss="errors carry no request id",
        cost=FREE,
        reads=_READS,
        judge=beside(_judge_id),
    ),
    Check(
        id="error_leaks",
        group=Group.ERRORS,
        title="Errors give nothing away",
        proves="Refusals show no key, no private address, no stack frame and no upstream.",
        loss="errors give secrets away",
        cost=FREE,
        reads=_READS,
        judge=beside(_judge_leaks),
    ),
)

"""One finding as an issue for the operator of the endpoint: what was sent, what came, which event is wrong, and why.

Ready to be pasted: nothing of the answer becomes markup, and ids of accounts, addresses of people and keys are hidden.
"""

from __future__ import annotations

import json

import msgspec

from app import __version__
from app.exchange.exchange import Exchange
from app.formats.snippets import as_curl
from app.protocols.findings import Finding, Severity
from app.protocols.registry import info
from app.recording.records import Headers
from app.report import words
from app.report.hiding import Hiding
from app.report.markdown import code, text
from app.secrets.masking import Masker
from app.text.json_text import decode_json
from app.text.sentences import message, tr
from app.text.visible import one_line

_BEFORE = _BEHIND = 2  # events around the one that is wrong
_MOST_BODY = 4000
_MOST_EVENT = 2000
_MEANING = {
    Severity.BREAKS: message("a client raises, or never ends"),
    Severity.LOSES: message("a client goes on with something wrong or missing"),
    Severity.NOTE: message("a client reads what was meant"),
}
_EVENT = message("Event {number} of {count}{ms:if , {ms} ms after the start}{wrong:if  {wrong}}:")
# By which an operator finds the call again.
_CALL_IDS = ("request-id", "x-request-id", "x-oneapi-request-id", "cf-ray", "x-amzn-requestid", "apim-request-id", "x-trace-id")


def issue_text(one: Exchange, finding: Finding) -> str:
    """The issue as Markdown, its title in the first line."""
    recording = one.recording
    named = words.severity(finding.severity)
    severity = {"severity": named, "meaning": tr(_MEANING[finding.severity]), "rule": finding.id}
    blocks = [
        f"# {text(finding.title)}",
        f"{text(finding.sentence, 1000)}",
        tr("Severity: {severity} ({meaning}), rule `{rule}` of Diptych {version}.", **severity, version=__version__),
    ]
    blocks += [text(said, 1000) for said in (finding.hurts, finding.remedy) if said]
    blocks += [f"## {tr('What was sent')}", _call(one)]
    if recording.request.body:
        blocks.append(code(_short(_pretty(recording.request.body), _MOST_BODY)))
    blocks += [f"## {tr('What came')}", code(_head(one))]
    blocks += _events(one, finding)
    if recording.request.url:
        sent = msgspec.structs.replace(recording.request, url=Masker(()).mask_url(recording.request.url))
        blocks += [f"## {tr('To see it again')}", code(_short(as_curl(sent, recording.envelope.protocol), _MOST_BODY * 2))]
    hiding = Hiding()
    return "\n\n".join(hiding.text(block) for block in blocks) + "\n"


def worst(one: Exchange) -> Finding | None:
    """The finding that matters most; None where there is none."""
    return next(iter(one.findings), None)


def _call(one: Exchange) -> str:
    """Which call it was: when, to where, and by which ids its operator finds it."""
    recording = one.recording
    fields = {"protocol": text(info(recording.envelope.protocol).title), "model": text(recording.envelope.model)}
    lines = [f"- {tr('{protocol}, model {model:or not told}', **fields)}"]
    if recording.request.url:
        lines.append(f"- {text(f'{recording.request.method} {Masker(()).mask_url(recording.request.url)}', 300)}")
    if recording.envelope.started_utc:
        lines.append(f"- {tr('at {time} (UTC)', time=text(recording.envelope.started_utc))}")
    headers = Masker(()).mask_answer_headers(recording.head.headers) if recording.head else ()
    lines += [f"- {text(name)}: {text(value, 200)}" for name, value in headers if name.lower() in _CALL_IDS]
    return "\n".join(lines)


def _head(one: Exchange) -> str:
    head = one.recording.head
    if head is None:
        return tr("(the head of the answer is not known)") if one.recording.body.data else tr("(no answer came)")
    headers: Headers = Masker(()).mask_answer_headers(head.headers)
    first = " ".join(filter(None, (head.http_version, str(head.status), head.reason)))
    return "\n".join([first, *(one_line(f"{name}: {value}", 300) for name, value in headers)])


def _events(one: Exchange, finding: Finding) -> list[str]:
    """The events around the one that is wrong, which is named; of an answer without events its text."""
    count = len(one.events)
    if not count:
        body = bytes(one.decoded.data[:_MOST_BODY]).decode("utf-8", "replace")
        return [code(_short(body, _MOST_BODY))] if body else []
    at = min(finding.event - 1, count - 1) if finding.event is not None else count - 1
    blocks = []
    if finding.event is None:
        blocks.append(tr("No single event is wrong; these are the last."))
    elif finding.event > count:
        blocks.append(tr("Seen behind the last event, which is event {count}.", count=count))
    for index in range(max(0, at - _BEFORE), min(count, at + _BEHIND + 1)):
        ms = one.since_start_ms(one.events.stamp_ns(index))

        raw = one.events.raw(index).decode("utf-8", "replace").rstrip("\r\n")
        wrong = f"**{tr('(this one is wrong)')}**" if finding.event == index + 1 else ""
        fields = {"number": index + 1, "count": count, "ms": None if ms is None else f"{ms:.1f}", "wrong": wrong}
        blocks += [tr(_EVENT, **fields), code(_short(raw, _MOST_EVENT))]
    return blocks


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(decode_json(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _short(said: str, most: int) -> str:
    more = len(said) - most
    return said if more <= 0 else tr("{said}\n… ({count} more characters)", said=said[:most], count=more)

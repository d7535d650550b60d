"""What came of requests through a relay, as text and as facts: sent, arrived, and what the difference means."""

from __future__ import annotations

from collections import Counter

from app.mirror.arrivals import Arrived
from app.mirror.result import Result, told_before
from app.mirror.row import KIND_NAMES, Difference, Kind, shown
from app.protocols.registry import title
from app.terminal.text import say, table
from app.text import numbers
from app.text.sentences import tr

_SIGNS = {
    Kind.KEPT: "=",
    Kind.RENAMED: "→",
    Kind.CHANGED: "≠",
    Kind.DROPPED: "−",
    Kind.INVENTED: "+",
    Kind.AGAIN: "↻",
}
_CELL_CHARS = 44


def print_arrival(one: Arrived) -> None:
    """A request as it arrived."""
    said = tr(
        "{method} {path}{protocol:if  in {protocol}}{streamed:if , in a stream}",
        method=one.method,
        path=one.path,
        protocol=title(one.protocol) if one.protocol else "",
        streamed=one.streamed,
    )
    say(f"{one.number}  {said}")
    for name, value in one.headers:
        say(f"     {name}: {value}")
    if one.body:
        say(f"     {one.body.decode('utf-8', 'replace')}")
    if one.refusal:
        say(f"   ! {tr('The official endpoint refuses it: {refusal}', refusal=one.refusal)}")
    say()


def print_result(result: Result, plain: Result | None, *, everything: bool) -> None:
    """One request: its rows, but for those that the plainest request has too."""
    before = [] if everything else told_before(result, plain)
    quiet = not everything
    rows = [row for row in (*result.rows, *result.answer) if row not in before and not (quiet and row.kind is Kind.KEPT)]
    said = tr("{heading}: {text}", heading=result.probe.name, text=tr(result.probe.title))
    say(f"{'!' if any(row.loud for row in rows) else '✓'} {said}{_way(result)}")
    if not rows:
        return
    cells = [
        [f"  {'!' if row.loud else ' '} {_SIGNS[row.kind]} {row.label}", _cell(row.sent), _cell(row.arrived)] for row in rows
    ]
    for line, row in zip(table(cells), rows, strict=True):
        say(line)
        say(f"        {tr('{heading}: {text}', heading=tr(KIND_NAMES[row.kind]), text=row.meaning)}")


def _way(result: Result) -> str:
    """Where it went, in brackets."""
    if not result.times:
        return tr("{status:if  (status {status})| (no answer)}", status=result.relayed.status)
    last = [one for one in result.arrivals if one.protocol][-1]
    return tr(
        " ({method} {path}{times:if , {times} times})",
        method=last.method,
        path=last.path,
        times=result.times if result.times > 1 else None,
    )


def _cell(value: object) -> str:
    text = shown(value) or numbers.DASH
    return text if len(text) <= _CELL_CHARS else f"{text[: _CELL_CHARS - 1]}…"


def print_summary(results: list[Result]) -> None:
    """How many of each kind, and how many are losses."""
    rows = [row for one in results for row in (*one.rows, *one.answer)]
    kinds = Counter(row.kind for row in rows)
    counts = [tr("{count} {kind}", count=kinds[kind], kind=tr(KIND_NAMES[kind])) for kind in Kind if kinds[kind]]
    losing = sum(bool(one.loud) for one in results)
    say()
    say(tr("{requests:grouped} requests: {counts:commas}.", requests=len(results), counts=counts))
    say(tr("{count} of them lost something, or came back changed.", count=losing) if losing else tr("Nothing was lost."))


def result_facts(result: Result, plain: Result | None) -> dict[str, object]:
    """The same for a program. `before` says that a row is the same with the plainest request."""
    before = told_before(result, plain)
    sent = result.relayed.recording.request
    return {
        "name": result.probe.name,
        "title": result.probe.title,
        "status": result.relayed.status,
        "outcome": str(result.relayed.outcome),
        "times": result.times,
        "loud": bool(result.loud),
        "sent": {"url": sent.url, "headers": [list(one) for one in sent.headers], "body": sent.body.decode("utf-8", "replace")},
        "arrived": [_arrival_facts(one) for one in result.arrivals],
        "request": [_row_facts(row, row in before) for row in result.rows],
        "answer": [_row_facts(row, row in before) for row in result.answer],
    }


def _arrival_facts(one: Arrived) -> dict[str, object]:
    return {
        "number": one.number,
        "method": one.method,
        "path": one.path,
        "protocol": one.protocol or None,
        "headers": [list(pair) for pair in one.headers],
        "body": one.body.decode("utf-8", "replace"),
        "key": one.key,
        "refusal": one.refusal or None,
    }


def _row_facts(row: Difference, before: bool) -> dict[str, object]:
    return {
        "what": row.what,
        "kind": str(row.kind),
        "reason": row.reason,
        "loud": row.loud,
        "before": before,
        "path": row.path,
        "arrived_path": row.arrived_path or None,
        "sent": row.sent,
        "arrived": row.arrived,
        "meaning": row.meaning,
    }

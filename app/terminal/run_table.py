"""A run as text: the answers, the figures beside each other, the findings, and the sentence."""

from __future__ import annotations

from app.clients.impact import impact_on
from app.exchange.outcome import Outcome
from app.exchange.timing_words import start_in_words, why_unmeasured
from app.protocols.findings import Finding, Severity
from app.recording.recording import Recording
from app.run.compare import compare
from app.run.endings import ENDED, FAILED, GAVE_UP, INTERRUPTED, STOPPED, broke_off
from app.run.fit import fit
from app.run.fit_words import line as verdict_line
from app.run.side import Side, seen_in
from app.terminal.text import listed, say, table
from app.text import numbers
from app.text.sentences import message, tr

_OUTCOMES = {
    Outcome.RUNNING: message("running"),
    Outcome.COMPLETED: message("completed"),
    Outcome.FAILED: message("failed"),
    Outcome.CANCELLED: message("cancelled"),
    Outcome.INTERRUPTED: message("interrupted"),
}
_BROKE_OFF = {
    GAVE_UP: message("gave up after {ms:seconds}"),
    STOPPED: message("stopped after {ms:seconds}"),
    INTERRUPTED: message("interrupted after {ms:seconds}"),
    FAILED: message("failed after {ms:seconds}"),
    ENDED: message("ended after {ms:seconds}"),
}
_SIGNS = {Outcome.FAILED: "✕", Outcome.CANCELLED: "■", Outcome.INTERRUPTED: "◆"}


def print_run(sides: list[Side]) -> None:
    """The answers, the figures beside each other, the findings, and the sentence."""
    for side in sides:
        _print_answer(side)
    rows = [["", *(side.name.upper() for side in sides)], *(_row(name, figure, sides) for name, figure in _FIGURES.items())]
    for line in table([row for row in rows if any(cell not in ("", numbers.DASH) for cell in row[1:])]):
        say(line)
    say()
    for side in sides:
        _print_findings(side)
    verdicts = [(side.name.upper(), told) for side in sides if (told := fit(side)) is not None]
    for name, told in verdicts:
        say(f"{name} {verdict_line(told)}")
    if verdicts:
        say()
    say(compare(sides[0], sides[1] if len(sides) > 1 else None).sentence)


def _print_answer(side: Side) -> None:
    last = side.last
    name = last.recording.envelope.profile.name if last else ""
    model = last.recording.envelope.model if last else ""
    say(f"{side.name.upper()}  {' · '.join(filter(None, (name, model)))}")
    for call in side.tool_calls:
        say(f"   → {call.name}({call.arguments_text})")
    if last and last.reading.text:
        say("   " + last.reading.text.replace("\n", "\n   "))
    if diagnosis := side.diagnosis:
        retry = side.retry.words if side.retry else ""
        say(f"   {_SIGNS.get(side.outcome, '!')} {diagnosis.cause}")  # it is no part of the answer above it
        for line in filter(None, (diagnosis.fix, retry, *listed(diagnosis.asked_lines))):
            say(f"     {line}")
    say()


def _print_findings(side: Side) -> None:
    marks = {Severity.BREAKS: "✕", Severity.LOSES: "!", Severity.NOTE: "·"}
    said: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for number, finding in side.findings:
        said.setdefault((finding.id, finding.sentence), []).append((number, finding))
    for (rule_id, sentence), found in said.items():
        at = _places(found, len(side.rounds))
        say(f"{side.name.upper()} {marks[found[0][1].severity]} {rule_id}  {sentence}{at}")
        if client := side.my_client:
            number, finding = found[0]
            say(f"    {impact_on(client, finding, seen_in(side.rounds[number - 1])).words}")
    if side.findings:
        say()


def _places(found: list[tuple[int, Finding]], rounds: int) -> str:
    """Where the same thing was found, in brackets: in which rounds, and at which event where it is one."""
    event = found[0][1].event if len(found) == 1 else None
    rows = list(dict.fromkeys(number for number, _ in found))
    many = len(rows) > 2 and rows[-1] - rows[0] == len(rows) - 1
    if rounds > 1:
        return tr(
            " ({count:word round|rounds} {many:if {first} to {last}|{rounds:commas}}{event:if , event {event}})",
            count=len(rows), many=many, first=rows[0], last=rows[-1], rounds=rows, event=event or None,
        )  # fmt: skip
    return tr(" (event {event})", event=event) if event else ""


def _outcome(side: Side) -> str:
    last = side.last
    said = [tr(_OUTCOMES[side.outcome])]
    if last and last.status:
        said.append(str(last.status))
    if last and last.reading.stop_reason:
        said.append(last.reading.stop_reason)
    if side.whole_but_for_end_mark:
        said.append(tr("whole but for its end mark"))
    return " · ".join(said)


def _connection(side: Side) -> str:
    if side.first is None or side.first.recording.connection is None:
        return numbers.DASH
    head = side.first.recording.head
    return " · ".join(
        filter(None, [head.http_version if head else "", start_in_words(side.timing.start), _unverified(side.first.recording)])
    )


def _unverified(recording: Recording) -> str:
    """What has to be said of a connection whose certificate was not looked at."""
    way = recording.connection
    return tr("TLS NOT VERIFIED") if way and way.tls_version and not recording.envelope.profile.verify_tls else ""


def _total(side: Side) -> str:
    if (broken := broke_off(side)) is not None:
        return tr(_BROKE_OFF[broken[0]], ms=broken[1])
    return numbers.seconds(side.timing.total)


def _rate(side: Side) -> str:
    rate = side.timing.output_rate
    return (
        f"{numbers.rate(rate)} tok/s" if rate is not None else f"{numbers.DASH} {why_unmeasured(side.timing.no_rate)}".rstrip()
    )


def _tokens(side: Side) -> str:
    usage = side.usage
    return f"{numbers.count(side.total_input_tokens)} / {numbers.count(usage.output_tokens)}" if usage else numbers.DASH


def _cost(side: Side) -> str:
    """With a mark where the counts leave it in doubt."""
    cost = side.cost
    if cost is None:
        return numbers.DASH
    return tr("{usd:usd}{doubts:if  in doubt} ({source})", usd=cost.usd, doubts=bool(cost.doubts), source=cost.source)


def _said_cost(side: Side) -> str:
    """The endpoint's own word, beside the price list's."""
    said = side.said_cost
    if said is None:
        return numbers.DASH
    return tr("{usd:usd}{upstream:if , and {upstream:usd} to the upstream}", usd=said.usd, upstream=said.upstream_usd)


_FIGURES = {
    message("outcome"): _outcome,
    message("HTTP connection"): _connection,
    message("name resolution"): lambda side: numbers.milliseconds(side.timing.dns),
    message("connect"): lambda side: numbers.milliseconds(side.timing.connect),
    message("proxy"): lambda side: numbers.milliseconds(side.timing.proxy),
    "TLS": lambda side: numbers.milliseconds(side.timing.tls),
    message("wait"): lambda side: numbers.milliseconds(side.timing.wait),
    message("first byte"): lambda side: numbers.milliseconds(side.timing.ttfb),
    message("first token"): lambda side: numbers.milliseconds(side.timing.ttft),
    message("total"): _total,
    message("output rate"): _rate,
    message("tokens in / out"): _tokens,
    message("cost"): _cost,
    message("cost, as it says"): _said_cost,
    message("events"): lambda side: numbers.count(side.events) if side.events else numbers.DASH,
    message("rounds"): lambda side: _rounds(len(side.rounds)),
}


def _rounds(count: int) -> str:
    return tr("{count}, times but the total are the first's", count=count) if count > 1 else ""


def _row(name: str, figure: object, sides: list[Side]) -> list[str]:
    assert callable(figure)
    return [tr(name), *(figure(side) for side in sides)]

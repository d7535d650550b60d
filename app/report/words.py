"""The words around the facts of a report: labels, what each verdict means, numbers as people read them."""

from __future__ import annotations

from app.checks.check import GROUP_TITLES, Group
from app.checks.summary import SYMBOLS, Overall
from app.checks.verdict import NAMES, Verdict
from app.report.schema import CheckPart, EvidencePart, MeasuredPart, Report, SidePart
from app.text import numbers
from app.text.sentences import message, tr
from app.text.translation import translated

MARKS: dict[Verdict, str] = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✕",
    Verdict.DIFFERS: "≠",
    Verdict.UNSUPPORTED: "∅",
    Verdict.INCONCLUSIVE: "?",
    Verdict.SKIPPED: "–",
}
MEANINGS: dict[Verdict, str] = {
    Verdict.PASS: message("It works as the protocol, or the endpoint beside it, has it."),
    Verdict.FAIL: message("It does not work."),
    Verdict.DIFFERS: message("It works, but not as the protocol, its own list or the endpoint beside it has it."),
    Verdict.UNSUPPORTED: message("The endpoint does not have it, and needs not to."),
    Verdict.INCONCLUSIVE: message("It was asked, and what came does not tell."),
    Verdict.SKIPPED: message("It was not asked; the reason stands beside it."),
}
MEASURES: dict[str, str] = {
    "connect": message("Connecting"),
    "tls": "TLS",
    "wait": message("Waiting for the first byte"),
    "ttfb": message("First byte, from the start"),
    "ttft": message("First token, from the start"),
    "total": message("Whole answer"),
}
TICKS: dict[str, str] = {"ticked": "☑", "failed": "☒", "open": "☐", "yours": "☐"}
TICK_WORDS: dict[str, str] = {
    "ticked": message("ticked by the checks"),
    "failed": message("not right"),
    "open": message("not decided"),
    "yours": message("only you can tick this"),
}
SEVERITIES: dict[str, str] = {"breaks": message("breaks"), "loses": message("loses"), "note": message("note")}
_PLACE = message(
    "exchange {number} ({named}){status:if , status {status}}{event:if , event {event}}{low:if , bytes {low} to {high}}"
)
_NOT_SENT = message("{named}: not sent{status:if , status {status}}{event:if , event {event}}{low:if , bytes {low} to {high}}")
_OUTCOME_WORDS = {
    "completed": message("completed"),
    "failed": message("failed"),
    "cancelled": message("stopped"),
    "interrupted": message("broken off"),
    "running": message("running"),
}


def title(report: Report) -> str:
    """What the report is about, for a heading: "Relay beside Anthropic (official)"."""
    labels = {one.side: one.label for one in report.endpoints}
    if report.run.kind == "study" and len(labels) > 1 and len(set(labels.values())) == 1:
        return tr("{name} beside itself", name=labels["a"])
    if report.run.kind == "load":
        return tr("{names:list} under load", names=labels.values())
    if report.run.kind == "compare":
        return tr("{names:list}", names=labels.values())
    b, a = labels.get("b", ""), labels.get("a")
    return tr("{b} beside {a}", b=b, a=a) if a is not None else b


def overall_mark(report: Report) -> str:
    """The shape before the verdict line; "" where there is none."""
    return SYMBOLS[Overall(report.verdict.overall)] if report.verdict is not None else ""


def group_title(group: str) -> str:
    return tr(GROUP_TITLES[Group(group)]) if group in set(Group) else group


_MASKED = {
    "sent": message("sent"),
    "head": message("head"),
    "cookie": message("cookies and tokens of the head"),
    "body": message("body"),
    "text": message("text"),
    "reasoning": message("reasoning"),
    "error": message("error"),
    "account": message("account"),
}


def mask_place(where: str) -> str:
    """Where a secret was masked; that of a call by its number, as it is."""
    return tr(_MASKED[where]) if where in _MASKED else where


def verdict(name: str) -> str:
    return tr(NAMES[Verdict(name)])


def marked(name: str) -> str:
    """A verdict with its mark before it."""
    return f"{MARKS[Verdict(name)]} {verdict(name)}"


def meanings() -> dict[str, str]:
    """What each verdict means, by its name."""
    return {str(name): tr(meaning) for name, meaning in MEANINGS.items()}


def measure(name: str) -> str:
    return tr(MEASURES[name]) if name in MEASURES else name


def tick(name: str) -> str:
    """What a tick of a checklist says."""
    return tr(TICK_WORDS[name])


def severity(name: str) -> str:
    """How much a finding hurts."""
    return tr(SEVERITIES[name]) if name in SEVERITIES else name


def groups(report: Report) -> list[tuple[str, list[CheckPart]]]:
    """The checks by group, with its title, in the report's order."""
    found: dict[str, list[CheckPart]] = {}
    for one in report.checks:
        found.setdefault(one.group, []).append(one)
    return [(group_title(group), checks) for group, checks in found.items()]


def told(report: Report) -> list[CheckPart]:
    """The checks that need words, those that hurt most first: all that did not simply pass or go unasked."""
    order = {"breaks": 0, "loses": 1}
    quiet = (Verdict.PASS, Verdict.SKIPPED)
    return sorted((one for one in report.checks if one.b.verdict not in quiet), key=lambda one: order.get(one.harm or "", 2))


def measured_both(check: CheckPart) -> str:
    """What was measured on both sides, as `3 words : 96 words`, or once with `both`; B's alone where there is no A."""
    if check.a is None or not (check.a.short or check.b.short):
        return check.b.short or ""
    a, b = check.a.short or "–", check.b.short or "–"
    return tr("both {measured}", measured=b) if a == b else f"{a} : {b}"


def meaning(check: CheckPart) -> str:
    """The sentence for a table: of what both do alike it says so."""
    same = check.shared and check.a is not None
    return tr("{meaning} The same goes for A.", meaning=check.b.sentence) if same else check.b.sentence


def number(measured: MeasuredPart) -> str:
    """A measured number with its unit, over how many, and its interval."""
    said = tr("not said") if measured.value is None else _value(measured.value)
    unit = f" {translated(measured.unit)}" if measured.unit and measured.value is not None else ""
    beside = []
    if measured.n is not None:
        beside.append(f"n = {measured.n}")
    if measured.interval is not None:
        low, high = (_value(one) for one in measured.interval)
        level = f"{measured.level:.0%}" if measured.level is not None else None
        beside.append(tr("{low} to {high}{level:if  at {level}}", low=low, high=high, level=level))
    if measured.formula:
        beside.append(translated(measured.formula))
    fields = {"name": measured.title or translated(measured.name), "value": f"{said}{unit}", "beside": tr(", ").join(beside)}
    return tr("{name}: {value}{beside:if  ({beside})}", **fields)


def _value(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return tr("yes" if value else "no")
    if isinstance(value, str):
        return value
    return numbers.grouped(value) if isinstance(value, int) else f"{value:.4g}"


def place(evidence: EvidencePart) -> str:
    """Where a piece of evidence stands: `exchange 31 (without the block), event 4, bytes 120 to 164`."""
    named = evidence.title or evidence.step
    low, high = (str(one) for one in evidence.byte_range or ("", ""))
    fields = {"number": evidence.recording, "named": named, "status": evidence.status, "event": evidence.event}
    return tr(_PLACE if evidence.recording is not None else _NOT_SENT, **fields, low=low, high=high)


def milliseconds(ms: float | None) -> str:
    return "–" if ms is None else numbers.milliseconds(ms)


def count(value: int | None) -> str:
    return "–" if value is None else numbers.grouped(value)


def money(usd: float | None) -> str:
    return tr("not known") if usd is None else numbers.usd(usd)


def cost(usd: float | None, least_usd: float | None = None) -> str:
    """The same where it stands alone; where a part of it is not known, what it was at least."""
    if usd is None:
        return tr("at least {usd:usd}", usd=least_usd) if least_usd else tr("cost not known")
    return numbers.usd(usd)


def fits(report: Report) -> dict[str, str]:
    """The verdict of each side of a Compare run that has one, as a line."""
    sides = report.compare["sides"] if report.compare else {}
    return {name: str(one["fit"]["says"]) for name, one in sides.items() if one.get("fit")}


def outcome(name: str) -> str:
    return tr(_OUTCOME_WORDS[name]) if name in _OUTCOME_WORDS else name


def day(utc: str | None) -> str:
    """`2026-11-29 10:00 UTC` of ISO 8601; "–" for none."""
    return f"{utc[:10]} {utc[11:16]} UTC" if utc else "–"


def sides(check: CheckPart) -> list[tuple[str, SidePart]]:
    """What was found of each side, A first."""
    return [(name, found) for name, found in (("A", check.a), ("B", check.b)) if found is not None]

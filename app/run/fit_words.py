"""The verdict of a side in words: one line, the same in the window, the terminal and the report."""

from __future__ import annotations

from app.clients.words import did
from app.run.fit import Fit, Reason, Unseen, Verdict
from app.text.sentences import message, render

SHAPES = {Verdict.DROP_IN: "✓", Verdict.LOSSES: "!", Verdict.BREAKS: "✕", Verdict.UNSEEN: "–"}
_HEADS = {
    Verdict.DROP_IN: "A drop-in",
    Verdict.LOSSES: "Works, with losses",
    Verdict.BREAKS: message("Breaks"),
    Verdict.UNSEEN: "No verdict",
}
_WHOM = {
    Verdict.DROP_IN: "for {client:or official clients}",
    Verdict.LOSSES: "for {client:or official clients}",
    Verdict.BREAKS: "{client:or official clients}",
    Verdict.UNSEEN: "for {client:or official clients}",
}
_UNSEEN = {
    Unseen.CUT: "the answer was cut short",
    Unseen.EMPTY: "the answer is empty",
    Unseen.NO_TOOL: "no tool was called",
    Unseen.HEAD: "the answer's HTTP head is not there",
    Unseen.END: "the answer does not say why it ended",
}
_LINE = (
    "{shape} {head} {whom}{why:if : {why}}{more:if , and {more:plural other finding|other findings}}"
    "{found:if , and {found:plural finding|findings}}"
)
_TIP = (
    "{head} {whom}{why:if : {why}}{more:if , and {more:plural other finding|other findings}}"
    "{found:if , and {found:plural finding|findings}}. Seen in this one run, of what it asked; Checks asks for more."
)


def head(told: Fit) -> str:
    """The verdict itself: `Works, with losses`."""
    return render(_HEADS[told.verdict], {})


def for_whom(told: Fit) -> str:
    """For which client, behind the verdict: `for langchain-openai 1.7`."""
    return render(_WHOM[told.verdict], {"client": told.client})


def why(told: Fit) -> str:
    """The first reason as a clause, "" for a drop-in."""
    if told.unseen is not None:
        return render(_UNSEEN[told.unseen], {})
    return reason_in_words(told.reasons[0]) if told.reasons else ""


def reason_in_words(reason: Reason) -> str:
    """What my client does with it; where that is not known, what was found."""
    return did(reason.deed) if reason.deed else render(reason.rule.title, {})


def line(told: Fit) -> str:
    """All of it in one line."""
    return render(_LINE, {"shape": SHAPES[told.verdict], **_fields(told)})


def tip(told: Fit) -> str:
    """The same with what it is worth: one run."""
    return render(_TIP, _fields(told))


def _fields(told: Fit) -> dict[str, object]:
    """`more`: the findings besides the one that is named; `found`: all of them, where why nothing can be said is named."""
    said = {"head": head(told), "whom": for_whom(told), "why": why(told), "more": None, "found": None}
    if told.unseen is not None:
        return {**said, "found": len(told.reasons) or None}
    return {**said, "more": max(0, len(told.reasons) - 1) or None}

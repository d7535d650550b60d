"""Rules of the catalogues: findings of one, or of one variant of it, are made and not kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from app.exchange.exchange import Exchange
from app.exchange.transport_findings import findings_of_model, findings_of_transport
from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.findings import Finding, FindingLog, Rule
from tests.mutants.mutant import Mutant
from tests.protocols.catalogues import catalogues

_ROOMS = ("chat", "messages", "responses")
# The tests that say what is found; those with the official SDKs and those that try everything would take most of the time.
_OF_ROOM = {room: tuple(f"tests/protocols/{room}/test_{one}.py" for one in ("sentences", "findings")) for room in _ROOMS}
_OF_ROOM["any"] = ("tests/protocols/any", *(f"tests/protocols/{room}/test_sentences.py" for room in _ROOMS))
_OF_ROOM["exchange"] = ("tests/exchange",)


def mutants() -> Iterator[Mutant]:
    """A mutant for each sentence that a rule can say."""
    for module, rules in catalogues().items():
        tests = _OF_ROOM[module.split(".")[-2]]
        for rule in rules.values():
            for variant in ([""] if rule.sentence else []) + list(rule.variants):
                name = f"rule {module.removeprefix('app.')} {rule.id} {variant}".strip()
                yield Mutant(name, tests, partial(_suppress, rule, variant), ("test_sentences", f"[{rule.id}"))


def _suppress(rule: Rule, variant: str) -> None:
    def is_other(finding: Finding) -> bool:
        return finding.rule is not rule or finding.variant != variant

    add = FindingLog.add

    def added(log: FindingLog, finding: Finding, key: object = None) -> None:
        before = len(log.findings)
        add(log, finding, key)
        log.findings[before:] = filter(is_other, log.findings[before:])

    FindingLog.add = added  # type: ignore[assignment, method-assign]
    findings = Exchange.findings
    Exchange.findings = property(lambda exchange: [*filter(is_other, findings.__get__(exchange))])  # type: ignore[assignment]
    for function in (findings_of_answer, findings_of_transport, findings_of_model):
        _replace_everywhere(function, partial(_filtered, is_other, function))


def _filtered(keep: Callable[[Finding], bool], function: Callable[..., Iterable[Finding]], *given: Any) -> list[Finding]:
    return [*filter(keep, function(*given))]


def _replace_everywhere(old: object, new: object) -> None:
    """In each module that has imported it by name."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith(("app.", "tests.")):
            for name in [name for name, value in vars(module).items() if value is old]:
                setattr(module, name, new)

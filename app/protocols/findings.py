"""What was found in an answer: the rule that speaks, its fields, and where; and the log that collects findings.

Every rule is a constant of a module called `rules...`; its id, which `--json` tells, is unique over all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.text.json_text import mend_surrogates
from app.text.sentences import Phrase, render

MAX_FIELD_CHARACTERS = 300


class Severity(StrEnum):
    """How much a finding hurts. BREAKS: official SDK clients fail. LOSES: they go on with something missing."""

    BREAKS = "breaks"
    LOSES = "loses"
    NOTE = "note"


class Rule(msgspec.Struct, frozen=True):
    """Something that may be wrong with an answer, and what is said of it: templates of `app.text.sentences`.

    `sentence` is for a developer, `plain` for someone who does not write code, `hurts` says which SDKs and how (PROTOCOLS 9.6),
    `remedy` what to do. `variants` are other sentences for the same thing, by a key that the finding names: where the words
    differ by what was seen, not by a value. A rule all of whose findings name one has no `sentence`.
    `compares_words`: it holds one place of an answer against another that repeats its words, so that a mask in one of them is
    taken for a difference.
    """

    id: str
    severity: Severity
    title: str
    sentence: str
    plain: str
    hurts: str = ""
    remedy: str = ""
    variants: dict[str, str] = {}
    compares_words: bool = False

    def __hash__(self) -> int:
        return hash(self.id)

    def sentence_of(self, variant: str) -> str:
        """The template of a variant; "" is the rule's own sentence. Raises KeyError for one that it does not have."""
        return self.variants[variant] if variant else self.sentence

    def templates(self) -> Iterator[str]:
        """All of its templates."""
        yield from (self.title, self.sentence, *self.variants.values(), self.plain, self.hurts, self.remedy)


def catalogue(names: Mapping[str, object]) -> dict[str, Rule]:
    """The rules of a module by id: those among its `globals()`. ValueError where two have the same id."""
    rules = [one for one in names.values() if isinstance(one, Rule)]
    found = {rule.id: rule for rule in rules}
    if len(found) < len(rules):
        raise ValueError("two rules have the same id")
    return found


class Place(NamedTuple):
    """Where something was seen: `event` counts dispatched events from 1, `offset` is in the decoded body; None: nowhere."""

    event: int | None = None
    offset: int | None = None


NOWHERE = Place()


class Finding(msgspec.Struct, frozen=True):
    """What was found: the rule, what was seen (the fields of the rule's sentences), where, and in which of its variants.

    `judged` is its severity for a client that somebody chose (`app.clients`); None: that of the rule, which is about the
    protocol's official Python SDK.
    """

    rule: Rule
    fields: dict[str, object] = {}
    event: int | None = None
    offset: int | None = None
    variant: str = ""
    judged: Severity | None = None

    @classmethod
    def of(cls, rule: Rule, place: Place = NOWHERE, *, variant: str = "", **fields: object) -> Finding:
        """A finding at a place."""
        return cls(rule, fields, *place, variant)

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.judged or self.rule.severity

    @property
    def title(self) -> str:
        return render(self.rule.title, {})

    @property
    def sentence(self) -> str:
        return render(self.rule.sentence_of(self.variant), self.fields)

    @property
    def plain(self) -> str:
        return render(self.rule.plain, self.fields)

    @property
    def hurts(self) -> str:
        return render(self.rule.hurts, self.fields)

    @property
    def remedy(self) -> str:
        return render(self.rule.remedy, self.fields)


class FindingLog:
    """The findings of one answer, in the order in which they were made; none so often that it buries the others.

    With `distinct`, of those that say the same only the first is kept, wherever the others are.

    Attributes:
        findings: what was found (the reading's own list).
        place: where a finding is put that names no place of its own: the event that is being read.
    """

    def __init__(self, findings: list[Finding], most_of_a_kind: int, *, distinct: bool = False) -> None:
        self.findings = findings
        self.place = NOWHERE
        self._most = most_of_a_kind
        self._distinct = distinct
        self._seen: set[tuple[str, object]] = set()
        self._counts: dict[str, int] = {}
        self._excused: dict[str, int] = {}

    def note(
        self, rule: Rule | None, *, place: Place | None = None, key: object = None, variant: str = "", **fields: object
    ) -> None:
        """Keep a finding at the event that is being read, or at `place`. None is no finding: a legal step of a grammar.

        With a `key`, of the findings that have it only the first is kept.
        """
        if rule is not None:
            self.add(Finding.of(rule, self.place if place is None else place, variant=variant, **fields), key)

    def excuse(self, *rules: Rule) -> None:
        """The next finding of each of these is left out: it follows from an event that could not be read, which was told."""
        for rule in rules:
            self._excused[rule.id] = self._excused.get(rule.id, 0) + 1

    def add(self, finding: Finding, key: object = None) -> None:
        """Keep a finding where it was made."""
        if self._excused.get(finding.id):
            self._excused[finding.id] -= 1
            self._seen.add((finding.id, key))  # nor is it told at the next event
            return
        count = self._counts.get(finding.id, 0)
        if count >= self._most:
            return
        if key is None and self._distinct:
            key = (finding.variant, repr(finding.fields))
        if key is not None:
            identity = (finding.id, key)
            if identity in self._seen:
                return
            self._seen.add(identity)
        self._counts[finding.id] = count + 1
        bounded = {name: _bounded(value) for name, value in finding.fields.items()}
        self.findings.append(msgspec.structs.replace(finding, fields=bounded))

    def add_all(self, findings: Iterable[Finding]) -> None:
        """Keep several."""
        for finding in findings:
            self.add(finding)

    def withdraw(self, rules: Collection[Rule], events: Collection[int | None]) -> None:
        """Take back what was found at these events by these rules: it was one part of something else, which is told instead."""
        for finding in [one for one in self.findings if one.rule in rules and one.event in events]:
            self.findings.remove(finding)
            self._counts[finding.id] -= 1

    def has(self, rule: Rule) -> bool:
        """Whether it was found."""
        return self._counts.get(rule.id, 0) > 0


def _bounded(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Phrase):
        return mend_surrogates(value)[:MAX_FIELD_CHARACTERS]
    return value

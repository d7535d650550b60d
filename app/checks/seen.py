"""What a check has seen: the exchanges of its steps on each side. Judging reads nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random

from app.checks.judgement import Evidence, Judged, Judgement, against_control
from app.checks.verdict import Verdict
from app.clients.table import Client, table
from app.diagnosis import Diagnosis, diagnose
from app.exchange.exchange import Exchange, Outcome
from app.pricing import total_input
from app.protocols.findings import Finding
from app.recording.records import SideName
from app.run.side import Side

# Answers that say nothing of the question: who asks, how often, how long, and how the server is.
_OTHER_STATUSES = frozenset({401, 402, 403, 407, 408, 429})
_NOT_ASKED = "{who} was not asked: the check was stopped before."
_CAPPED = "{who} was not asked: the cost cap was reached before."
_SILENT = "{who} was not asked: an endpoint had stopped answering before."
_FAILED = "Nothing can be said of it: {cause}"
_BROKEN = "Nothing can be said of it: the answer did not come whole."


class Steps:
    """The exchanges of one check on one side.

    Attributes:
        side, protocol, model: whose they are; `protocol` is the id.
        client: the client that it is judged for; None where its protocol has none in the table.
        left_out: why requests of it were not sent: "cap", "stopped", "silent", "fault", or "".
        seed: what the session's prompts were drawn with.
    """

    def __init__(
        self,
        side: SideName,
        protocol: str,
        model: str,
        exchanges: Iterable[Exchange] = (),
        *,
        check: str = "",
        seed: int = 0,
        client: str = "",
        left_out: str = "",
        of_all: bool = False,
    ) -> None:
        self.side, self.protocol, self.model = side, protocol, model
        self.client: Client | None = table().client(client, protocol)
        self.left_out = left_out
        self.seed = seed
        self._random_seed = f"{seed}/{check}"
        self._by_step: dict[tuple[str, int], Exchange] = {}
        for one in exchanges:  # where a request was sent again, the last one counts
            envelope = one.recording.envelope
            step = f"{envelope.check}/{envelope.step}" if of_all else envelope.step
            self._by_step[step, envelope.round] = one

    def __bool__(self) -> bool:
        return bool(self._by_step)

    def random(self) -> Random:
        """The random numbers that the check's prompts were made with, from the first on: the same as `Asker.random`."""
        return Random(self._random_seed)

    def get(self, step: str, n: int = 1) -> Exchange | None:
        """An exchange by its step; None where it was not sent."""
        return self._by_step.get((step, n))

    def __getitem__(self, step: str) -> Exchange:
        """The first exchange of a step that is known to have been sent. Raises KeyError."""
        return self._by_step[step, 1]

    def all(self, step: str) -> list[Exchange]:
        """All exchanges of a step, in order."""
        return [one for (name, _), one in sorted(self._by_step.items(), key=lambda item: item[0][1]) if name == step]

    @property
    def by_step(self) -> Mapping[tuple[str, int], Exchange]:
        """All exchanges, by step and number; the steps of a check that reads all are named "check/step"."""
        return self._by_step

    @staticmethod
    def checks_of(places: Iterable[tuple[str, int]]) -> int:
        """Of how many checks these exchanges are, by their steps in a check that reads all."""
        return len({step.partition("/")[0] for step, _ in places})

    @property
    def everything(self) -> list[Exchange]:
        """All exchanges, in no order that means anything."""
        return list(self._by_step.values())

    def completed(self, step: str, n: int = 1) -> bool:
        """Whether its answer came, and ended as the protocol has it."""
        one = self.get(step, n)
        return one is not None and one.outcome is Outcome.COMPLETED

    def refused(self, step: str, n: int = 1) -> bool:
        """Whether the endpoint refused the request for what is in it: a status 4xx that is not about key, limits or time."""
        one = self.get(step, n)
        return one is not None and 400 <= one.status < 500 and one.status not in _OTHER_STATUSES

    def total_input(self, step: str, n: int = 1) -> int | None:
        """All input tokens that were counted, cached ones included; None where the endpoint did not say."""
        one = self.get(step, n)
        usage = one.reading.usage if one is not None else None
        return total_input(usage, self.protocol) if usage else None

    def findings(self, step: str, n: int = 1) -> list[Finding]:
        """What was found in an answer, as severe as it is for the client; the most hurtful first."""
        one = self.get(step, n)
        if one is None:
            return []
        side = Side(self.side, [one])
        side.client = self.client.name if self.client is not None else ""
        return [finding for _, finding in side.findings]

    def evidence(
        self, step: str, n: int = 1, event: int | None = None, span: tuple[int, int] | None = None, note: str = ""
    ) -> Evidence:
        return Evidence(self.side, step, n, event, span, note)

    def diagnosis(self, step: str, n: int = 1) -> Diagnosis | None:
        """Why an exchange did not complete."""
        one = self.get(step, n)
        return diagnose(one) if one is not None else None

    def hindered(self, *steps: str) -> Judged | None:
        """INCONCLUSIVE where one of these steps (all of its exchanges) was not sent, or got no answer to the question: key,
        limits, time, a server's fault, a broken connection. None where each was answered, be it by a refusal."""
        return self._trouble(steps, refusals_too=False)

    def trouble(self, *steps: str) -> Judged | None:
        """The same where one of these steps did not complete for whatever reason."""
        return self._trouble(steps, refusals_too=True)

    def unanswered(self, *steps: str) -> Judged | None:
        """The same as `hindered` for requests whose answer is no answer of the protocol's (a count, a list): each status 2xx or
        a refusal is one.
        """
        for step in steps:
            found = [(n, one) for (name, n), one in self._by_step.items() if name == step]
            if not found:
                return self.not_asked()
            for n, one in found:
                if not 200 <= one.status < 300 and not self.refused(step, n):
                    return self._failed(step, n, one)
        return None

    def _trouble(self, steps: tuple[str, ...], *, refusals_too: bool) -> Judged | None:
        for step in steps:
            found = [(n, one) for (name, n), one in self._by_step.items() if name == step]
            if not found:
                return self.not_asked()
            for n, one in found:
                if one.outcome is not Outcome.COMPLETED and (refusals_too or not self.refused(step, n)):
                    return self._failed(step, n, one)
        return None

    def not_asked(self) -> Judged:
        """What is said of a check whose request was not sent."""
        known = {"cap": ("cap", _CAPPED), "silent": ("silent", _SILENT)}
        reason, sentence = known.get(self.left_out, ("not_asked", _NOT_ASKED))
        return Judged(verdict=Verdict.SKIPPED if not self else Verdict.INCONCLUSIVE, reason=reason, sentence=sentence)

    def _failed(self, step: str, n: int, one: Exchange) -> Judged:
        why = self.diagnosis(step, n)
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason=f"status_{one.status}" if one.status else "no_answer",
            sentence=_FAILED if why else _BROKEN,
            fields={"cause": why.cause if why else "", "status": one.status},
            short="{status}" if one.status else "no answer",
            said=why.vendor_message if why else "",
            evidence=(self.evidence(step, n),),
        )


class Seen:
    """What a check has seen of both sides: `b` is the one that is looked at, `a` the control, None where there is none."""

    def __init__(self, b: Steps, a: Steps | None = None) -> None:
        self.a, self.b = a, b


def each(judge_one: Callable[[Steps], Judged]) -> Callable[[Seen], Judgement]:
    """Judge each side alone; what both do alike is marked as such."""

    def judge(seen: Seen) -> Judgement:
        a = judge_one(seen.a) if seen.a is not None else None
        return Judgement(against_control(judge_one(seen.b), a), a)

    return judge


def beside(judge_one: Callable[[Steps, Steps | None], Judged]) -> Callable[[Seen], Judgement]:
    """Judge each side with the control beside it, which is None for the control itself and where there is none."""

    def judge(seen: Seen) -> Judgement:
        a = judge_one(seen.a, None) if seen.a is not None else None
        return Judgement(against_control(judge_one(seen.b, seen.a), a), a)

    return judge

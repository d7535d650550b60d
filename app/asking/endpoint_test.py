"""The test of one endpoint: what it can do, seen by asking it, one verdict a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial

from app.asking.caller import Caller, Purpose
from app.asking.model_list import fetch_pages
from app.asking.other_paths import ask_other_paths
from app.asking.verdicts import Evidence, Verdict, VerdictRow, Words
from app.clock import now_ns
from app.diagnosis import Context, ProfileChange, diagnose, key_oddity, key_shape, may_be_on_other_path, wants_address
from app.exchange.exchange import Exchange, Outcome
from app.model_names import ModelList, is_claude_endpoint, read_model_list, suggest
from app.pricing import Cost, PriceTable, price
from app.protocols.base import Ask, UserTurn
from app.protocols.findings import Severity
from app.protocols.reading import Usage
from app.protocols.registry import protocol
from app.recording.recording import Recording
from app.recording.records import Connected, EndKind, MarkName
from app.run.side import Side
from app.secrets.names import shown_url
from app.store.presets import is_demo
from app.store.profiles import Profile, price_table
from app.text.sentences import message, render, tr, unsaid

MAX_TOKENS = 64
PROMPT = unsaid("Say hello in five words.")
INPUT_TOKENS_GUESS = 20
BODY_BYTES = 16 << 20
_NOT_WORTH_REPEATING = (401, 402, 403)
_WORKS = (Verdict.PASS, Verdict.DIFFERS, Verdict.UNSUPPORTED)


class Question(StrEnum):
    """What is asked of an endpoint, in this order; the values are the names in `--json`."""

    REACHABLE = "reachable"
    KEY = "key"
    MODEL_LIST = "model_list"
    ANSWERS = "answers"
    STREAMS = "streams"


_TITLES = {
    Question.REACHABLE: message("Reachable"),
    Question.KEY: message("Authenticated"),
    Question.MODEL_LIST: "Model list",
    Question.ANSWERS: "Model answers",
    Question.STREAMS: message("Streams"),
}

_COST_OF_LIST = "Asks for the model list alone, which costs nothing, since no model is chosen."
_COST = (
    "Sends two tiny requests (up to {max_tokens} output tokens each){usd:if , about {usd:usd} at most}, "
    "and asks for the model list.{elsewhere:if  Where nothing answers, it asks other paths of the address, at no cost.}"
)
_STOPPED = message("Stopped.")
_NO_MODEL = "No model is chosen."
_CHOOSE_MODEL = "Choose a model, then test again."
_NOTHING_ANSWERS = "Not asked: nothing answers at this address."
_REFUSED_BEFORE = "Not asked: the request before it was refused."
_KEY_REFUSED = "Not seen: the key was refused."
_KEY_UNKNOWN = (
    "{key:if The request failed for another reason; nothing can be said of the key."
    "|No key was sent, and the request failed for another reason.}"
)
_KEY_TAKEN = "{key:if The model answered with this key.|No key was sent, and none was asked for.}"
_REACHED = (
    "{peer:or The endpoint} answers{proxy:if  through the proxy {proxy}} over {http:or HTTP}{tls:if  and {tls}}"
    "{took_ms:if ; connecting took {took_ms:milliseconds}}."
)
_LISTED = "{count:plural model|models}; “{model}” is one of them."
_NONE_CHOSEN = "{count:plural model|models}; none of them is chosen yet."
_NOT_LISTED = "{count:plural model|models}. {hint}"
_NO_LIST = "There is no model list at this address (status {status})."
_NONE_NEEDED = "Many relays have none.{model:if | Type the model's name.}"
_TYPE_NAME_ALL_THE_SAME = (
    "{model:if If “{model}” answers all the same, the list is not needed.|If the model answers all the same, type its name.}"
)
_ANSWERED = (
    "{text:quoted An answer without text} in {total_ms:seconds}, "
    "{counted:if {input:count} tokens in, {output:count} out|no token counts}."
)
_STREAMED = "{events:plural event|events}, first token after {ttft_ms:seconds}, whole after {total_ms:seconds}."
_WITH_FINDINGS = "{sentence} But: {finding}{more:if  And {more:plural more finding|more findings}.}"
_SENSELESS = "The answer can't be made sense of."

OnRow = Callable[[VerdictRow], None]
Fields = Callable[[], Mapping[str, object]]


def cost_note(profile: Profile, table: PriceTable, *, asks_other_paths: bool = True) -> str:
    """What the test sends and what that may cost at most, as sentences."""
    if not profile.model.strip():
        return render(_COST_OF_LIST, {})
    usage = Usage(input_tokens=2 * INPUT_TOKENS_GUESS, output_tokens=2 * MAX_TOKENS, cache_read_tokens=0, cache_write_tokens=0)
    most = price(usage, profile.protocol, profile.model, price_table(profile.prices), table=table)
    usd = most.usd if isinstance(most, Cost) and most.usd and not is_demo(profile) else None
    return render(_COST, {"max_tokens": MAX_TOKENS, "usd": usd, "elsewhere": asks_other_paths})


class EndpointTest:
    """Asks one endpoint. The rows come as they are known, each again when it changes.

    Attributes:
        profile: what is tested.
        models: the model list that came, None before it came or where there is none.
        exchanges: what was asked for them, in order: the pages of the model list, the answer in one piece, the stream.
    """

    def __init__(self, caller: Caller, on_row: OnRow | None = None, *, asks_other_paths: bool = True) -> None:
        self._caller, self.profile = caller, caller.profile
        self._on_row = on_row
        self._asks_other_paths = asks_other_paths
        self.models: tuple[str, ...] | None = None
        self._rows: dict[Question, VerdictRow] = {}
        self.exchanges: list[Exchange] = []

    @property
    def answers(self) -> list[Exchange]:
        """Those of the exchanges that a model was to answer."""
        return [one for one in self.exchanges if one.recording.request.method == "POST"]

    @property
    def works(self) -> bool:
        """Whether every question was answered, and nothing failed."""
        return len(self._rows) == len(Question) and all(row.verdict in _WORKS for row in self._rows.values())

    @property
    def rows(self) -> list[VerdictRow]:
        """The verdicts so far, in the order of the questions."""
        return [self._rows[question] for question in Question if question in self._rows]

    async def run(self) -> None:
        """Ask everything that makes sense. Never raises for what the endpoint does. Cancelling keeps what was seen."""
        try:
            await self._run()
        finally:
            for row in self.rows:
                if row.verdict is None:
                    self._say(Question(row.question), Verdict.SKIPPED, _STOPPED)

    async def _run(self) -> None:
        self._say_running(Question.REACHABLE)
        listing, page = await self._list_models()
        if not self._judge_reach(page):
            return
        self._judge_list(listing, page)
        if not self.profile.model.strip():
            for question in (Question.KEY, Question.ANSWERS, Question.STREAMS):
                self._say(question, Verdict.SKIPPED, _NO_MODEL, fix=_CHOOSE_MODEL)
            if self._refuses_key(page):
                self._say_diagnosis(Question.KEY, page, Verdict.FAIL)
            return
        self._say_running(Question.ANSWERS)
        whole = await self._generate(stream=False)
        if self._asks_other_paths and may_be_on_other_path(whole, self._context):
            await ask_other_paths(self._caller, whole.recording.apply)
        self._judge_answer(Question.ANSWERS, whole)
        self._judge_key(whole)
        if whole.outcome is Outcome.COMPLETED and self._rows[Question.MODEL_LIST].verdict is Verdict.DIFFERS:
            self._judge_list(listing, page, answered=True)
        if whole.outcome is not Outcome.COMPLETED and (whole.status in _NOT_WORTH_REPEATING or not whole.status):
            self._say(Question.STREAMS, Verdict.SKIPPED, _REFUSED_BEFORE)
            return
        self._say_running(Question.STREAMS)
        streamed = await self._generate(stream=True)
        if may_be_on_other_path(streamed, self._context):
            for asked in whole.recording.asked:  # at the same address, a moment ago
                streamed.recording.apply(asked)
        self._judge_answer(Question.STREAMS, streamed)
        if whole.outcome is not Outcome.COMPLETED:
            self._judge_key(streamed)

    # -- asking -------------------------------------------------------------------------------------------------------

    async def _list_models(self) -> tuple[ModelList, Exchange]:
        """The model list, all pages, and the last exchange."""
        listing, pages = await fetch_pages(self._caller, self._purpose(streamed=False))
        self.exchanges += pages
        return listing, pages[-1]

    async def _generate(self, *, stream: bool) -> Exchange:
        ask = Ask(self.profile.model.strip(), (UserTurn(PROMPT),), MAX_TOKENS, stream=stream)
        request = protocol(self.profile.protocol).build(ask, self._caller.target)
        one = await self._caller.exchange(request, self._purpose(streamed=stream))
        self.exchanges.append(one)
        return one

    def _purpose(self, *, streamed: bool) -> Purpose:
        return Purpose("test", "test", self.profile.model, "a", len(self.exchanges) + 1, streamed, BODY_BYTES)

    # -- judging ------------------------------------------------------------------------------------------------------

    def _judge_reach(self, page: Exchange) -> bool:
        """Whether anything answered; where nothing did, all else is skipped."""
        if page.recording.head is not None:
            way = _way(page.recording)
            self._say(Question.REACHABLE, Verdict.PASS, _REACHED, lambda: way, seen=page)
            return True
        end = page.recording.end
        ended_by_us = end is not None and end.kind in (EndKind.CANCELLED, EndKind.INTERRUPTED)
        self._say_diagnosis(Question.REACHABLE, page, Verdict.INCONCLUSIVE if ended_by_us else Verdict.FAIL)
        for question in Question:
            if question is not Question.REACHABLE:
                self._say(question, Verdict.SKIPPED, _NOTHING_ANSWERS)
        return False

    def _judge_list(self, listing: ModelList, page: Exchange, *, answered: bool = False) -> None:
        """`answered`: the model did, so that a list of Claude alone is not all that is served there."""
        if not listing.models:
            self._judge_no_list(listing, page)
            return
        self.models = tuple(listing.ids)
        model, count = self.profile.model.strip(), len(self.models)
        models = self.models
        is_claude = not answered and is_claude_endpoint(self.profile.protocol, self.profile.base_url, models)
        hint = partial(suggest, model, models, claude_endpoint=is_claude)
        if not model:
            self._say(Question.MODEL_LIST, Verdict.PASS, _NONE_CHOSEN, lambda: {"count": count}, seen=page)
            return
        found = hint()
        if not found.sentence:
            self._say(Question.MODEL_LIST, Verdict.PASS, _LISTED, lambda: {"count": count, "model": model}, seen=page)
            return
        near = found.counterpart or next(iter(found.nearest), "")
        action = ProfileChange("model", near, "Use {value}") if near else None

        def said() -> Mapping[str, object]:
            return {"count": count, "hint": hint().sentence}

        self._say(Question.MODEL_LIST, Verdict.DIFFERS, _NOT_LISTED, said, action=action, seen=page)

    def _judge_no_list(self, listing: ModelList, page: Exchange) -> None:
        if page.status in (404, 405, 501):
            status = page.status
            self._say(
                Question.MODEL_LIST, Verdict.UNSUPPORTED, _NO_LIST, lambda: {"status": status}, fix=_NONE_NEEDED, seen=page
            )
        elif page.status == 200 and listing.problem:
            body, problem = bytes(page.decoded.data), listing.problem

            def said() -> Mapping[str, object]:
                return {"problem": read_model_list(body).problem or problem}

            self._say(Question.MODEL_LIST, Verdict.FAIL, "{problem}", said, fix=_TYPE_NAME_ALL_THE_SAME, seen=page)
        else:
            self._say_diagnosis(Question.MODEL_LIST, page, Verdict.FAIL)

    def _judge_answer(self, question: Question, one: Exchange) -> None:
        if one.outcome is not Outcome.COMPLETED:
            self._say_diagnosis(question, one, Verdict.FAIL)
            return
        severe = [finding for _, finding in Side("a", [one]).findings if finding.severity is not Severity.NOTE]
        template, fields = (_STREAMED, _streamed(one)) if question is Question.STREAMS else (_ANSWERED, _answered(one))
        if not severe:
            self._say(question, Verdict.PASS, template, lambda: fields, seen=one)
            return
        first, more = severe[0], (len(severe) - 1) or None
        evidence = self._evidence(one, *dict.fromkeys(finding.event for finding in severe))

        def words() -> Words:
            found = {"sentence": render(template, fields), "finding": first.sentence, "more": more}
            return Words(tr(_TITLES[question]), render(_WITH_FINDINGS, found), first.remedy)

        self._tell(VerdictRow(question, words, Verdict.DIFFERS, evidence=evidence))

    def _judge_key(self, one: Exchange) -> None:
        """What an answer tells of the key. That a wrong key is refused would need another request, and is not claimed."""
        if one.outcome is Outcome.COMPLETED:
            has_key = bool(self._caller.key)
            self._say(Question.KEY, Verdict.PASS, _KEY_TAKEN, lambda: {"key": has_key}, seen=one)
        elif self._refuses_key(one):
            self._say_diagnosis(Question.KEY, one, Verdict.FAIL)
            self._say(Question.ANSWERS, Verdict.SKIPPED, _KEY_REFUSED)
        else:
            has_key = bool(self._caller.key)
            self._say(Question.KEY, Verdict.INCONCLUSIVE, _KEY_UNKNOWN, lambda: {"key": has_key}, seen=one)

    def _refuses_key(self, one: Exchange) -> bool:
        diagnosis = diagnose(one, self._context)
        return one.status == 401 or (diagnosis is not None and diagnosis.rule.startswith("key-"))

    # -- saying -------------------------------------------------------------------------------------------------------

    @property
    def _context(self) -> Context:
        return Context(
            base_url=shown_url(self.profile.base_url),
            key_sent=bool(self._caller.key),
            key_shape=key_shape(self._caller.key),
            key_oddity=key_oddity(self._caller.key),
            models=self.models,
        )

    def _evidence(self, one: Exchange, *events: int | None) -> tuple[Evidence, ...]:
        number = self.exchanges.index(one) + 1
        return tuple(Evidence(number, event) for event in events)

    def _say_running(self, question: Question) -> None:
        self._tell(VerdictRow(question, lambda: Words(tr(_TITLES[question]))))

    def _say(
        self,
        question: Question,
        verdict: Verdict,
        template: str,
        fields: Fields = dict,
        *,
        fix: str = "",
        action: ProfileChange | None = None,
        seen: Exchange | None = None,
    ) -> None:
        """`fields` gives those of the template, in the language of now; `fix` may name the model. `seen` is what the verdict
        rests on as a whole."""
        evidence, model = () if seen is None else self._evidence(seen, None), self.profile.model.strip()

        def words() -> Words:
            return Words(tr(_TITLES[question]), render(template, fields()), render(fix, {"model": model}))

        self._tell(VerdictRow(question, words, verdict, action=action, evidence=evidence))

    def _say_diagnosis(self, question: Question, one: Exchange, verdict: Verdict) -> None:
        found = diagnose(one, self._context)
        if found is None:  # completed for the protocol's reader, which a model list is not made for
            self._say(question, verdict, _SENSELESS, seen=one)
            return
        self._tell(
            VerdictRow(
                question,
                lambda: Words(tr(_TITLES[question]), found.cause, found.fix, found.fix_beside_countdown),
                verdict,
                said="" if found.vendor_message in found.cause else found.vendor_message,
                action=found.change,
                again_ns=None if found.again_s is None else now_ns() + round(found.again_s * 1e9),
                evidence=self._evidence(one, None),
                asked=found.asked,
                wrong_address=wants_address(found),
            )
        )

    def _tell(self, row: VerdictRow) -> None:
        self._rows[Question(row.question)] = row
        if self._on_row is not None:
            self._on_row(row)


def _way(recording: Recording) -> dict[str, object]:
    """Where the answer came from, over what, and how long the way was."""
    way, head = recording.connection or Connected(False), recording.head
    begin, end = recording.marks.get(MarkName.CONNECT_BEGIN), recording.marks.get(MarkName.CONNECT_END)
    return {
        "peer": way.peer,
        "proxy": way.proxy,
        "http": head.http_version if head else "",
        "tls": way.tls_version,
        "took_ms": None if begin is None or end is None else (end - begin) / 1e6,
    }


def _answered(one: Exchange) -> dict[str, object]:
    text, usage = " ".join(one.reading.text.split()), one.reading.usage or Usage()
    return {
        "text": f"{text[:80]}{'…' if len(text) > 80 else ''}",
        "total_ms": one.timing.total,
        "counted": usage.input_tokens is not None or usage.output_tokens is not None,
        "input": usage.input_tokens,
        "output": usage.output_tokens,
    }


def _streamed(one: Exchange) -> dict[str, object]:
    return {"events": len(one.events), "ttft_ms": one.timing.ttft, "total_ms": one.timing.total}

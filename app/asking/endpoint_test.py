"""The test of one endpoint: what it can do, seen by asking it, one verdict a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app import __version__
from app.asking.other_paths import ask_other_paths
from app.asking.runner import MAX_MODEL_PAGES, secrets_of, utc_now
from app.clock import now_ns
from app.diagnosis import Context, Diagnosis, ProfileChange, diagnose, key_oddity, key_shape, may_be_on_other_path
from app.exchange.exchange import Exchange, Outcome
from app.model_names import ListedModel, ModelList, is_claude_endpoint, read_model_list, suggest
from app.pricing import Cost, PriceTable, price
from app.protocols import protocol
from app.protocols.base import Ask, UserTurn
from app.protocols.findings import Severity
from app.protocols.reading import Usage
from app.recording.recording import Recording
from app.recording.records import Connected, EndKind, Envelope, MarkName, Request
from app.secrets.names import shown_url
from app.store.presets import is_demo
from app.store.profiles import Profile, price_table, to_limits, to_network, to_note, to_target
from app.text import numbers
from app.wire.client import WireClient

REACHABLE, AUTHENTICATED, MODEL_LIST, ANSWERS, STREAMS = "Reachable", "Authenticated", "Model list", "Model answers", "Streams"
QUESTIONS = (REACHABLE, AUTHENTICATED, MODEL_LIST, ANSWERS, STREAMS)
MAX_TOKENS = 64
PROMPT = "Say hello in five words."
INPUT_TOKENS_GUESS = 20
BODY_BYTES = 16 << 20
_NOT_WORTH_REPEATING = (401, 402, 403)

Verdict = str
"""pass, fail, differs, unsupported, inconclusive, skipped (DESIGN 4); running while it is asked."""


@dataclass(frozen=True)
class ProbeRow:
    """One verdict. `said` is the endpoint's own text, `action` a change that a button can apply.

    `again_ns` is the moment (of `app.clock`) from which the endpoint wants to be asked again, None where it does not say.
    """

    question: str
    verdict: Verdict
    sentence: str = ""
    fix: str = ""
    said: str = ""
    action: ProfileChange | None = None
    again_ns: int | None = None


OnRow = Callable[[ProbeRow], None]


def cost_note(profile: Profile, table: PriceTable) -> str:
    """What the test sends and what that may cost at most, as a sentence."""
    sent = f"Sends two tiny requests (up to {MAX_TOKENS} output tokens each)"
    usage = Usage(input_tokens=2 * INPUT_TOKENS_GUESS, output_tokens=2 * MAX_TOKENS, cache_read_tokens=0, cache_write_tokens=0)
    most = price(usage, profile.protocol, profile.model, price_table(profile.prices), table=table)
    said = f", about {numbers.usd(most.usd)} at most" if isinstance(most, Cost) and most.usd and not is_demo(profile) else ""
    return f"{sent}{said}, and asks for the model list. Where nothing answers, it asks other paths of the address, at no cost."


class Probe:
    """Asks one endpoint. The rows come as they are known, each again when it changes.

    Attributes:
        models: the model list that came, None before it came or where there is none.
    """

    def __init__(self, wire: WireClient, profile: Profile, key: str, on_row: OnRow) -> None:
        self._wire, self._profile, self._key = wire, profile, key
        self._on_row = on_row
        self._speaks = protocol(profile.protocol)
        self._target = to_target(profile, key)
        self.models: tuple[str, ...] | None = None

    async def run(self) -> None:
        """Ask everything that makes sense. Never raises for what the endpoint does."""
        self._say(REACHABLE, "running")
        listing, page = await self._list_models()
        if not await self._judge_reach(page):
            return
        self._judge_list(listing, page)
        if not self._profile.model.strip():
            for question in (AUTHENTICATED, ANSWERS, STREAMS):
                self._say(question, "skipped", "No model is chosen.", "Choose a model, then test again.")
            return
        self._say(ANSWERS, "running")
        whole = await self._generate(stream=False, number=2)
        await self._ask_other_paths(whole)
        self._judge_answer(ANSWERS, whole)
        self._judge_key(whole)
        if whole.outcome is not Outcome.COMPLETED and (whole.status in _NOT_WORTH_REPEATING or not whole.status):
            self._say(STREAMS, "skipped", "Not asked: the request before it was refused.")
            return
        self._say(STREAMS, "running")
        streamed = await self._generate(stream=True, number=3)
        if may_be_on_other_path(streamed, self._context):
            for asked in whole.recording.asked:  # at the same address, a moment ago
                streamed.recording.apply(asked)
        self._judge_answer(STREAMS, streamed)
        if whole.outcome is not Outcome.COMPLETED:
            self._judge_key(streamed)

    # -- asking -------------------------------------------------------------------------------------------------------

    async def _list_models(self) -> tuple[ModelList, Exchange]:
        """The model list, all pages, and the last exchange."""
        found: dict[str, ListedModel] = {}
        after: str | None = None
        for number in range(1, MAX_MODEL_PAGES + 1):
            page = await self._exchange(self._speaks.models_request(self._target, after), number, streamed=False)
            listed = read_model_list(bytes(page.decoded.data)) if page.status == 200 else ModelList()
            found |= {model.id: model for model in listed.models if model.id not in found}
            if listed.next_after is None or listed.next_after == after:
                return ModelList(tuple(found.values()), problem=listed.problem), page
            after = listed.next_after
        return ModelList(tuple(found.values())), page

    async def _generate(self, *, stream: bool, number: int) -> Exchange:
        ask = Ask(self._profile.model.strip(), (UserTurn(PROMPT),), MAX_TOKENS, stream=stream)
        return await self._exchange(self._speaks.build(ask, self._target), number, streamed=stream)

    async def _exchange(self, request: Request, number: int, *, streamed: bool) -> Exchange:
        envelope = Envelope(
            self._profile.protocol, to_note(self._profile), "test", self._profile.model, "a", number, streamed, utc_now(),
            __version__,
        )  # fmt: skip
        recording = await self._wire.exchange(
            envelope,
            request,
            side="test",
            limits=to_limits(self._profile, BODY_BYTES),
            network=to_network(self._profile),
            secrets=secrets_of(self._profile, self._key),
        )
        return Exchange(recording).finish()

    async def _ask_other_paths(self, one: Exchange) -> None:
        """Where nothing answered as it should, ask other paths of the address."""
        if may_be_on_other_path(one, self._context):
            secrets = secrets_of(self._profile, self._key)
            await ask_other_paths(self._wire, self._profile, self._key, secrets, one.recording.apply)

    # -- judging ------------------------------------------------------------------------------------------------------

    async def _judge_reach(self, page: Exchange) -> bool:
        """Whether anything answered; where nothing did, all else is skipped."""
        if page.recording.head is not None:
            self._say(REACHABLE, "pass", _reached(page.recording))
            return True
        diagnosis = self._diagnose(page)
        end = page.recording.end
        ended_by_us = end is not None and end.kind in (EndKind.CANCELLED, EndKind.INTERRUPTED)
        self._say_diagnosis(REACHABLE, diagnosis, "inconclusive" if ended_by_us else "fail")
        for question in QUESTIONS[1:]:
            self._say(question, "skipped", "Not asked: nothing answers at this address.")
        return False

    def _judge_list(self, listing: ModelList, page: Exchange) -> None:
        if not listing.models:
            self._judge_no_list(listing, page)
            return
        self.models = tuple(listing.ids)
        model, count = self._profile.model.strip(), numbers.plural(len(self.models), "model")
        hint = suggest(
            model, self.models, claude_endpoint=is_claude_endpoint(self._profile.protocol, self._profile.base_url, self.models)
        )
        if not hint.sentence:
            self._say(MODEL_LIST, "pass", f"{count}; “{model}” is one of them.")
            return
        near = hint.counterpart or next(iter(hint.nearest), "")
        action = ProfileChange("model", near, f"Use {near}") if near else None
        self._say(MODEL_LIST, "differs", f"{count}. {hint.sentence}", action=action)

    def _judge_no_list(self, listing: ModelList, page: Exchange) -> None:
        if page.status in (404, 405, 501):
            sentence = f"There is no model list at this address (status {page.status})."
            self._say(MODEL_LIST, "unsupported", sentence, "Type the model's name. Many relays have none.")
        elif page.status == 200 and listing.problem:
            self._say(MODEL_LIST, "fail", listing.problem, "If the model answers all the same, type its name.")
        else:
            self._say_diagnosis(MODEL_LIST, self._diagnose(page), "fail")

    def _judge_answer(self, question: str, one: Exchange) -> None:
        if one.outcome is not Outcome.COMPLETED:
            self._say_diagnosis(question, self._diagnose(one), "fail")
            return
        severe = [finding for finding in one.findings if finding.severity is not Severity.NOTE]
        sentence = _streamed(one) if question is STREAMS else _answered(one)
        if severe:
            more = f" And {numbers.plural(len(severe) - 1, 'more finding')}." if len(severe) > 1 else ""
            self._say(question, "differs", f"{sentence} But: {severe[0].sentence}{more}", severe[0].remedy)
        else:
            self._say(question, "pass", sentence)

    def _judge_key(self, one: Exchange) -> None:
        """What an answer tells of the key. That a wrong key is refused would need another request, and is not claimed."""
        diagnosis = self._diagnose(one)
        if one.outcome is Outcome.COMPLETED:
            said = "The model answered with this key." if self._key else "No key was sent, and none was asked for."
            self._say(AUTHENTICATED, "pass", said)
        elif one.status == 401 or (diagnosis and diagnosis.rule.startswith("key-")):
            self._say_diagnosis(AUTHENTICATED, diagnosis, "fail")
            self._say(ANSWERS, "skipped", "Not seen: the key was refused.")
        else:
            self._say(AUTHENTICATED, "inconclusive", "The request failed for another reason; nothing can be said of the key.")

    # -- saying -------------------------------------------------------------------------------------------------------

    @property
    def _context(self) -> Context:
        return Context(
            base_url=shown_url(self._profile.base_url),
            key_sent=bool(self._key),
            key_shape=key_shape(self._key),
            key_oddity=key_oddity(self._key),
            models=self.models,
        )

    def _diagnose(self, one: Exchange) -> Diagnosis | None:
        return diagnose(one, self._context)

    def _say(self, question: str, verdict: Verdict, sentence: str = "", fix: str = "", **more: ProfileChange | None) -> None:
        self._on_row(ProbeRow(question, verdict, sentence, fix, action=more.get("action")))

    def _say_diagnosis(self, question: str, found: Diagnosis | None, verdict: Verdict) -> None:
        if found is None:  # completed for the protocol's reader, which a model list is not made for
            self._say(question, verdict, "The answer can't be made sense of.")
            return
        sentence = " ".join(filter(None, (found.cause, found.told)))
        again_ns = None if found.again_s is None else now_ns() + round(found.again_s * 1e9)
        row = ProbeRow(question, verdict, sentence, found.fix, found.vendor_message, found.action, again_ns)
        self._on_row(row if found.vendor_message not in found.cause else replace(row, said=""))


def _reached(recording: Recording) -> str:
    """Where the answer came from, over what, and how long the way was."""
    way, head = recording.connection or Connected(False), recording.head
    version = head.http_version if head else ""
    over = " and ".join(filter(None, (version, way.tls_version)))
    proxy = f" through the proxy {way.proxy}" if way.proxy else ""
    begin, end = recording.marks.get(MarkName.CONNECT_BEGIN), recording.marks.get(MarkName.CONNECT_END)
    took = f"; connecting took {numbers.milliseconds((end - begin) / 1e6)}" if begin is not None and end is not None else ""
    return f"{way.peer or 'The endpoint'} answers{proxy} over {over or 'HTTP'}{took}."


def _answered(one: Exchange) -> str:
    text = " ".join(one.reading.text.split())
    quoted = f"“{text[:80]}{'…' if len(text) > 80 else ''}”" if text else "An answer without text"
    return f"{quoted} in {numbers.seconds(one.timing.total)}, {_tokens(one)}."


def _streamed(one: Exchange) -> str:
    first = numbers.seconds(one.timing.ttft)
    whole = numbers.seconds(one.timing.total)
    return f"{numbers.plural(len(one.events), 'event')}, first token after {first}, whole after {whole}."


def _tokens(one: Exchange) -> str:
    usage = one.reading.usage or Usage()
    if usage.input_tokens is None and usage.output_tokens is None:
        return "no token counts"
    return f"{numbers.count(usage.input_tokens)} tokens in, {numbers.count(usage.output_tokens)} out"

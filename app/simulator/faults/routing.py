"""What a relay does behind its address: whose account it uses, which stack answers, what it answers without asking."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from dataclasses import replace

from app.simulator.faults.registry import ALL, CHAT, EVERYWHERE, MESSAGES, Stage, add_fault, fault
from app.simulator.faults.shapes import add_input
from app.simulator.model.host import Host
from app.simulator.model.ids import anthropic_id, chat_id, hex_id
from app.simulator.model.memory import KeptReply
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Frame, Reply
from app.simulator.shared.validation import JsonObject

_GROUP = "routing"
_OTHER_STACK_TOKENS = 7

add_fault(
    "sometimes", Stage.SWITCH, _GROUP, "The other faults are there by chance, for one request in 2, or in as many as given.",
    EVERYWHERE, default=2,
)  # fmt: skip
add_fault(
    "every",
    Stage.SWITCH,
    _GROUP,
    "The other faults are there for every 2nd request, or every so manyth.",
    EVERYWHERE,
    default=2,
)
add_fault(
    "seed", Stage.SWITCH, _GROUP, "What is left to chance is drawn from this number: alike for the same requests in a row.",
    EVERYWHERE, default=1,
)  # fmt: skip


@fault(Stage.HOST, _GROUP, EVERYWHERE, default=1)
def other_account(host: Host, context: RequestContext) -> Host:
    """The vendor sees an account of the relay's, whatever the key; a number tells several apart (honest)."""
    return replace(host, account=f"relay {context.value('other_account')}")


@fault(Stage.HOST, _GROUP, ALL, default=2)
def account_rotation(host: Host, context: RequestContext) -> Host:
    """Requests go in turn to 2 accounts of the relay's, or to as many as given."""
    turn = host.memory.turn("account_rotation")
    return replace(host, account=f"relay {turn % max(1, context.value('account_rotation')) + 1}")


@fault(Stage.HOST, _GROUP)
def cache_never_hits(host: Host, context: RequestContext) -> Host:
    """Nothing that was written to the prompt cache is ever read."""
    return replace(host, cache=hex_id("cache"))


@fault(Stage.HOST, _GROUP, (MESSAGES,))
def beta_swallowed(host: Host, context: RequestContext) -> Host:
    """The `anthropic-beta` header is not passed on."""
    return replace(host, betas=frozenset())


@fault(Stage.HOST, _GROUP)
def other_stack(host: Host, context: RequestContext) -> Host:
    """Another stack answers: other ids, headers and name of the model, 7 more input tokens."""
    return replace(host, elsewhere=True)


@fault(Stage.WHOLE, _GROUP, name="other_stack")
def other_stack_in_answer(document: JsonObject, context: RequestContext) -> None:
    """Another stack answers: other ids, headers and name of the model, 7 more input tokens."""
    add_input(document["usage"], _OTHER_STACK_TOKENS)
    if context.protocol == MESSAGES:
        document |= {"id": anthropic_id("msg_bdrk"), "model": f"anthropic.{document['model']}-v1:0"}
    elif context.protocol == CHAT:
        document |= {
            "id": chat_id().replace("chatcmpl-", "gen-"),
            "model": re.sub(r"-\d{4}-\d\d-\d\d$", "", document["model"]),
        }
    else:
        document |= {"id": hex_id("resp_az"), "model": re.sub(r"-\d{4}-\d\d-\d\d$", "", document["model"])}


@fault(Stage.REPLY, _GROUP, name="other_stack")
def other_stack_in_headers(reply: Reply, context: RequestContext) -> None:
    """Another stack answers: other ids, headers and name of the model, 7 more input tokens."""
    reply.headers = [(name, value) for name, value in reply.headers if name.startswith("content-")]
    name = "x-amzn-requestid" if context.protocol == MESSAGES else "apim-request-id"
    reply.headers += [(name, context.request_id[-22:]), ("server", "envoy")]


@fault(Stage.EARLY, _GROUP)
def reply_cache(context: RequestContext) -> Reply | None:
    """A request that was made before gets the reply that was made then, at once."""
    return _kept(context)


@fault(Stage.REPLY, _GROUP, name="reply_cache")
def keep_reply(reply: Reply, context: RequestContext) -> None:
    """A request that was made before gets the reply that was made then, at once."""
    _keep(reply, context)


@fault(Stage.EARLY, _GROUP, ALL, default=80)
def reply_cache_semantic(context: RequestContext) -> Reply | None:
    """A request with 80 percent (or as many as given) of an earlier one's words gets the reply that was made then, at once."""
    return _kept(context, by_words=context.value("reply_cache_semantic"))


@fault(Stage.REPLY, _GROUP, name="reply_cache_semantic")
def keep_reply_by_words(reply: Reply, context: RequestContext) -> None:
    """A request with 80 percent (or as many as given) of an earlier one's words gets the reply that was made then, at once."""
    _keep(reply, context, by_words=True)


@fault(Stage.REPLY, _GROUP, ALL, default=7)
def answers_mixed_up(reply: Reply, context: RequestContext) -> None:
    """Every 7th answer (or as many as given) is that to the request before."""
    kept = context.memory.replies
    place = json.dumps(["before", context.path, sorted(context.chosen), reply.streamed])
    if reply.status != 200 or context.counting:
        return
    before = kept.get(place, [])
    now = KeptReply(Counter(), (), tuple(frame.data for frame in reply.frames), reply.streamed)
    if before and context.memory.turn("mixed up") % context.value("answers_mixed_up") == 0:
        reply.frames = [Frame(data) for data in before[-1].frames]
    kept[place] = [now]


def _kept(context: RequestContext, by_words: int = 0) -> Reply | None:
    """The reply to a request that was made before, or shares so many percent of its words with one that was."""
    rest, words = _parts(context, by_words=by_words > 0)
    for one in context.memory.replies.get(rest, []):
        if (one.words & words).total() * 100 >= (by_words or 100) * (one.words | words).total():
            return Reply(200, list(one.headers), [Frame(data) for data in one.frames], one.streamed)
    return None


def _keep(reply: Reply, context: RequestContext, *, by_words: bool = False) -> None:
    if reply.status == 200 and not context.counting:
        rest, words = _parts(context, by_words=by_words)
        headers = tuple(pair for pair in reply.headers if pair[0] in ("content-type", "cache-control"))
        kept = KeptReply(words, headers, tuple(frame.data for frame in reply.frames), reply.streamed)
        context.memory.keep_reply(rest, kept)


def _parts(context: RequestContext, *, by_words: bool) -> tuple[str, Counter[str]]:
    """What must be equal of two requests, and the words of the last thing said (all of it as one, unless `by_words`)."""
    body = copy.deepcopy(context.body)
    said = body.pop("input", "")
    if isinstance(body.get("messages"), list) and body["messages"]:
        said = body["messages"].pop()
    elif isinstance(said, list) and said:
        body["input"] = said[:-1]
        said = said[-1]
    rest = json.dumps([context.path, context.host.account, sorted(context.chosen), body], sort_keys=True)
    text = json.dumps(said, ensure_ascii=False)
    return rest, Counter(re.findall(r"\w+", text) if by_words else [text])

"""What a relay does behind its address: whose account it uses, which stack answers, what it answers without asking."""

from __future__ import annotations

import json
import re
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
            "id": f"{chat_id()[:20]}-{hex_id('az')[:16]}",
            "model": re.sub(r"-\d{4}-\d\d-\d\d$", "", document["model"]),
        }
    else:
        document |= {"id": hex_id("resp")[:37], "model": re.sub(r"-\d{4}-\d\d-\d\d$", "", document["model"])}


@fault(Stage.REPLY, _GROUP, name="other_stack")
def other_stack_in_headers(reply: Reply, context: RequestContext) -> None:
    """Another stack answers: other ids, headers and name of the model, 7 more input tokens."""
    reply.headers = [(name, value) for name, value in reply.headers if name.startswith("content-")]
    name = "x-amzn-requestid" if context.protocol == MESSAGES else "apim-request-id"
    reply.headers += [(name, context.request_id[-22:]), ("server", "envoy")]


@fault(Stage.EARLY, _GROUP)
def reply_cache(context: RequestContext) -> Reply | None:
    """A request that was made before gets the reply that was made then, at once."""
    return _kept(context, 100)


@fault(Stage.REPLY, _GROUP, name="reply_cache")
def keep_reply(reply: Reply, context: RequestContext) -> None:
    """A request that was made before gets the reply that was made then, at once."""
    _keep(reply, context)


@fault(Stage.EARLY, _GROUP, ALL, default=80)
def reply_cache_semantic(context: RequestContext) -> Reply | None:
    """A request with 80 percent (or as many as given) of an earlier one's words gets the reply that was made then, at once."""
    return _kept(context, context.value("reply_cache_semantic"))


@fault(Stage.REPLY, _GROUP, name="reply_cache_semantic")
def keep_reply_by_words(reply: Reply, context: RequestContext) -> None:
    """A request with 80 percent (or as many as given) of an earlier one's words gets the reply that was made then, at once."""
    _keep(reply, context)


def _kept(context: RequestContext, percent: int) -> Reply | None:
    mine = _words(context.body)
    for one in context.memory.replies.get(_place(context), []):
        same = one.words == mine if percent >= 100 else len(one.words & mine) * 100 >= percent * len(one.words | mine)
        if same and (percent < 100 or one.request == _text(context.body)):
            return Reply(200, list(one.headers), [Frame(data) for data in one.frames], one.streamed)
    return None


def _keep(reply: Reply, context: RequestContext) -> None:
    if reply.status == 200 and not context.counting:
        headers = tuple(pair for pair in reply.headers if pair[0] in ("content-type", "cache-control"))
        frames = tuple(frame.data for frame in reply.frames)
        one = KeptReply(_text(context.body), _words(context.body), headers, frames, reply.streamed)
        context.memory.keep_reply(_place(context), one)


def _place(context: RequestContext) -> str:
    """What must be equal of two requests, besides their words."""
    told = [context.path, context.host.account, sorted(context.chosen), context.streamed, context.body.get("model")]
    return json.dumps(told)


def _text(body: JsonObject) -> str:
    return json.dumps(body, sort_keys=True)


def _words(body: JsonObject) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", json.dumps(body, ensure_ascii=False)))

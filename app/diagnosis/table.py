"""The one table of rules, in the order in which they are tried: the first that fits speaks."""

from __future__ import annotations

from msgspec import structs

from app.diagnosis import offers, phrases
from app.diagnosis.already import ALREADY_SO, UNPACKED, UNPACKED_ALREADY, already
from app.diagnosis.context import Context
from app.diagnosis.facts import Facts
from app.diagnosis.fields import values
from app.diagnosis.model import Action, Diagnosis, Rule, When
from app.diagnosis.rules_access import FORBIDDEN, KEYS, MONEY
from app.diagnosis.rules_address import ADDRESS, PAGES, REDIRECTS
from app.diagnosis.rules_answer import ANSWERS, FOREIGN
from app.diagnosis.rules_connection import BAD_ADDRESS, CONNECTION, ENDED_BY_US
from app.diagnosis.rules_gateway import GATEWAY
from app.diagnosis.rules_proxy import DESKTOP, FORWARDED, PROXY
from app.diagnosis.rules_request import MODELS, REQUEST, SIZE
from app.diagnosis.rules_server import RATES, SERVER
from app.diagnosis.wording import HIDDEN, WHEN_SAID
from app.exchange.exchange import Exchange, Outcome
from app.text.sentences import fields_of
from app.text.visible import one_line


def _told_when(rule: Rule) -> Rule:
    """The row with the time that the endpoint asks for behind its fix, where that is to run again and says nothing of it."""
    runs = any((one.action if isinstance(one, When) else one) is Action.RUN_AGAIN for one in rule.actions)
    return structs.replace(rule, fix=rule.fix + WHEN_SAID) if runs and not {"again", "opens"} & fields_of(rule.fix) else rule


def _told_hidden(rule: Rule) -> Rule:
    """The row with what a status of success behind it means, where it is an error after which an SDK would try again."""
    later = any((one.action if isinstance(one, When) else one) is Action.RUN_LATER for one in rule.actions)
    return structs.replace(rule, cause=rule.cause + HIDDEN) if later else rule


# What an endpoint that answered can be the cause of: it may say when to ask it again.
_OF_ANSWERS: tuple[Rule, ...] = (
    *FOREIGN,
    *GATEWAY,
    *MONEY,
    *MODELS,
    *KEYS,
    *FORWARDED,
    *FORBIDDEN,
    *SIZE,
    *RATES,
    *REQUEST,
    *ADDRESS,
    *SERVER,
    *PAGES,
    *ANSWERS,
)

RULES: tuple[Rule, ...] = (
    *ENDED_BY_US,
    *BAD_ADDRESS,
    *PROXY,
    *DESKTOP,
    *CONNECTION,
    *REDIRECTS,
    *(_told_hidden(_told_when(rule)) for rule in _OF_ANSWERS),
)

# What a wrong path or protocol can be behind; of the second, where the endpoint's words say so.
_BY_PATH = {rule.name for rule in (*ADDRESS, *PAGES)} - {"http-on-https-port", "azure-deployment", "web-site", "page-challenge"}
_BY_PATH |= {"no-content", "empty", "document-odd", "document-text", "not-implemented", "status-unknown-silent"}
_OF_ADDRESS = {rule.name for rule in (*BAD_ADDRESS, *CONNECTION, *REDIRECTS, *ADDRESS, *PAGES)}
_BY_WORDS = {"error-with-200", "status-unknown", "server-local", "server-relay-software"}


LEAST_REPEATED = 3  # a call that fails once may well be tried again
_PROVOKED = Rule("provoked", lambda _: False,
    "It refused the request with {status}, which the check provoked.",
    "Nothing is to be done: the request is broken on purpose, to see how that is answered.")  # fmt: skip
_OWN_FAULT = Rule("own-fault", lambda _: False,
    "A fault in Diptych broke this off: {fault}.",
    "It is not the endpoint's doing. What had come is kept; run it again.",
    actions=offers.RUN)  # fmt: skip


def own_fault(fault: str) -> Diagnosis:
    """A side that a fault of Diptych's own ended."""
    return Diagnosis(_OWN_FAULT, {"fault": fault}, actions=offers.RUN)


# A loop of tool calls that was stopped: a fact of all its rounds, none of which failed.
_LOOP = Rule("tool-loop", lambda _: False,
    "The model still called a tool ({names}) in round {rounds}, where Diptych stops: its last call was never answered, and"
    " there is no final answer.",
    "Look at the results in the requests of the later rounds: a model whose results do not reach it, or do not answer its"
    " question, goes on asking. Give a result that answers the prompt, and run it again.",
    actions=offers.RUN)  # fmt: skip
_SAME_LOOP = Rule("tool-loop-same", lambda _: False,
    "The model called the same tool with the same arguments ({names}) {times:grouped} times, and there is no final answer:"
    " Diptych stopped in round {rounds}, its last call was never answered.",
    "The endpoint probably does not pass tool results on, so that the model asks again and again. Look at the request of round"
    " 2, which holds the result, and ask the relay's operator what the model gets of it; run it again with another model to see"
    " whether it is the model.",
    actions=offers.RUN)  # fmt: skip
_MOST_NAMES_CHARACTERS = 80


def unanswered_calls(names: str, rounds: int, repeated: int) -> Diagnosis:
    """A side whose loop of tool calls was stopped after so many rounds, the last `repeated` of which called alike."""
    row = _SAME_LOOP if repeated >= LEAST_REPEATED else _LOOP
    fields = {"names": one_line(names, _MOST_NAMES_CHARACTERS), "rounds": rounds, "times": repeated}
    return Diagnosis(row, fields, actions=offers.RUN)


def provoked(told: Diagnosis, status: int) -> Diagnosis:
    """That of a request that was broken on purpose and refused, in place of what it would mean else (`told`)."""
    return Diagnosis(_PROVOKED, {"status": status}, vendor_message=told.vendor_message)


def wants_address(told: Diagnosis) -> bool:
    """Whether to correct the base URL is what helps, and only the user knows how."""
    return told.change is None and told.rule in _OF_ADDRESS and Action.EDIT_ENDPOINT in told.actions


def diagnose(exchange: Exchange, context: Context | None = None) -> Diagnosis | None:
    """Cause and fix of an exchange that ended without completing; None for one that completed or still runs."""
    if exchange.outcome in (Outcome.RUNNING, Outcome.COMPLETED):
        return None
    facts = Facts(exchange, context or Context())
    rule = next(rule for rule in RULES if rule.when(facts))
    change = rule.change(facts) if rule.change else None
    is_so = already(change, facts) if change else ""
    if is_so:
        rule, change = structs.replace(rule, fix=UNPACKED_ALREADY) if is_so == UNPACKED else ALREADY_SO, None
    again_s = facts.again.seconds if facts.again else None
    actions = rule.actions_for(facts)
    if again_s is not None:  # whatever is to be run again is not to be run before
        actions = tuple(Action.RUN_LATER if one is Action.RUN_AGAIN else one for one in actions)
    return Diagnosis(
        rule,
        values(facts, (rule.cause, rule.fix), {"already": is_so} if is_so else {}),
        vendor_message=facts.error.message,
        change=change,
        actions=actions,
        again_s=again_s if Action.RUN_LATER in actions else None,
        asked=facts.other_paths.asked,
    )


def may_be_on_other_path(exchange: Exchange, context: Context | None = None) -> bool:
    """Whether a wrong path or protocol could explain how the exchange ended, so that it is worth asking for another."""
    found = diagnose(exchange, context)
    if found is None or found.asked:
        return False
    said = found.vendor_message.lower()
    return found.rule in _BY_PATH or (found.rule in _BY_WORDS and any(phrase in said for phrase in phrases.NO_SUCH_PATH))

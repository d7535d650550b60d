"""How an answer ended by its own words: the stop reasons of all protocols, and of servers behind relays, as kinds."""

from __future__ import annotations

from enum import StrEnum

from app.protocols.reading import Reading


class AnswerEnd(StrEnum):
    """Why an answer ended, by the endpoint's own words. ERROR is no completion, UNSAID hardly ever one (`EndFlaw`)."""

    BY_ITSELF = "by_itself"
    STOP_SEQUENCE = "stop_sequence"  # only Messages tells it from BY_ITSELF
    TOOL_CALL = "tool_call"
    LIMIT = "limit"  # the token limit of the request
    CONTEXT = "context"  # the model's context window was full
    INCOMPLETE = "incomplete"  # cut, and not said by what
    FILTER = "filter"  # a content filter cut it, or held it back
    REFUSAL = "refusal"
    PAUSE = "pause"  # to be continued by another request
    ERROR = "error"
    OTHER = "other"  # a word that is in no table
    UNSAID = "unsaid"


# By word, in lower case. A relay that passes on the words of another protocol means by them what that protocol does.
_WORDS: dict[str, AnswerEnd] = {
    # OpenAI Chat Completions
    "stop": AnswerEnd.BY_ITSELF,
    "length": AnswerEnd.LIMIT,
    "tool_calls": AnswerEnd.TOOL_CALL,
    "function_call": AnswerEnd.TOOL_CALL,
    "content_filter": AnswerEnd.FILTER,
    # Anthropic Messages
    "end_turn": AnswerEnd.BY_ITSELF,
    "stop_sequence": AnswerEnd.STOP_SEQUENCE,
    "tool_use": AnswerEnd.TOOL_CALL,
    "max_tokens": AnswerEnd.LIMIT,
    "model_context_window_exceeded": AnswerEnd.CONTEXT,
    "refusal": AnswerEnd.REFUSAL,
    "pause_turn": AnswerEnd.PAUSE,
    "compaction": AnswerEnd.PAUSE,
    # OpenAI Responses: the status, and the reason of an incomplete one
    "completed": AnswerEnd.BY_ITSELF,
    "incomplete": AnswerEnd.INCOMPLETE,
    "queued": AnswerEnd.INCOMPLETE,
    "in_progress": AnswerEnd.INCOMPLETE,
    "max_output_tokens": AnswerEnd.LIMIT,
    "failed": AnswerEnd.ERROR,
    "cancelled": AnswerEnd.ERROR,
    # Gemini (its enum is in capitals)
    "safety": AnswerEnd.FILTER,
    "recitation": AnswerEnd.FILTER,
    "blocklist": AnswerEnd.FILTER,
    "prohibited_content": AnswerEnd.FILTER,
    "spii": AnswerEnd.FILTER,
    "image_safety": AnswerEnd.FILTER,
    "malformed_function_call": AnswerEnd.ERROR,
    "unexpected_tool_call": AnswerEnd.ERROR,
    # Z.ai (sensitive, network_error), DeepSeek (insufficient_system_resource), vLLM and SGLang (abort), relays (error)
    "sensitive": AnswerEnd.FILTER,
    "network_error": AnswerEnd.ERROR,
    "insufficient_system_resource": AnswerEnd.ERROR,
    "abort": AnswerEnd.ERROR,
    "aborted": AnswerEnd.ERROR,
    "error": AnswerEnd.ERROR,
    # Together and Text Generation Inference: the model's own end
    "eos": AnswerEnd.BY_ITSELF,
    "eos_token": AnswerEnd.BY_ITSELF,
    # Bedrock, Cohere, Mistral
    "guardrail_intervened": AnswerEnd.FILTER,
    "content_filtered": AnswerEnd.FILTER,
    "complete": AnswerEnd.BY_ITSELF,
    "error_toxic": AnswerEnd.FILTER,
    "error_limit": AnswerEnd.CONTEXT,
    "model_length": AnswerEnd.CONTEXT,
}
CUT_SHORT = frozenset(
    {AnswerEnd.LIMIT, AnswerEnd.CONTEXT, AnswerEnd.INCOMPLETE, AnswerEnd.FILTER, AnswerEnd.REFUSAL, AnswerEnd.PAUSE}
)
"""What can legally end an answer before it has said everything, or anything."""
NO_COMPLETION = frozenset({AnswerEnd.ERROR, AnswerEnd.UNSAID})
_PLAIN = frozenset({AnswerEnd.BY_ITSELF, AnswerEnd.TOOL_CALL})


def end_of(reading: Reading) -> AnswerEnd:
    """Why the answer ended. What it holds counts where the word leaves it open: OpenAI ends a refusal with `stop`, and a
    Responses answer that calls a tool with `completed`.
    """
    end = _kind(reading.stop_detail, _kind(reading.stop_reason, AnswerEnd.UNSAID))
    if end not in _PLAIN:
        return end
    if reading.tool_calls:
        return AnswerEnd.TOOL_CALL
    return AnswerEnd.REFUSAL if reading.refused else end


def _kind(word: str | None, otherwise: AnswerEnd) -> AnswerEnd:
    """`otherwise` where there is no word. Gemini's endpoint for OpenAI's clients puts a word of its own behind a colon, which
    says more than the one in front: `content_filter: PROHIBITED_CONTENT`, `function_call_filter: MALFORMED_FUNCTION_CALL`.
    """
    if word is None:
        return otherwise
    parts = (part.strip() for part in reversed(word.lower().split(":")))
    return next((_WORDS[part] for part in parts if part in _WORDS), AnswerEnd.OTHER)


def end_word(reading: Reading) -> str:
    """The endpoint's own word for it, "" where it gave none."""
    return reading.stop_detail or reading.stop_reason or ""

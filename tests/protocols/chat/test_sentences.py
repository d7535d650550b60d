"""What each rule of Chat Completions says of the smallest answer that breaks it: whole sentences, each variant of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.chat import rules, rules_calls, rules_usage, rules_words
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.text.sentences import STRONG
from tests.protocols.chat.streams import (
    CALLS,
    CHAT,
    COUNT,
    DONE,
    LINE,
    ROLE,
    STOP,
    TEXT,
    F,
    answer,
    begin,
    call,
    chunk,
    more,
    read,
    read_whole,
    usage,
    without,
)
from tests.protocols.chat.test_findings import ASKED_CASES, STREAM_CASES, WHOLE_CASES

RULES = rules.RULES | rules_words.RULES | rules_calls.RULES | rules_usage.RULES
YO = {"index": 1, "delta": {"content": "Yo"}, "finish_reason": None}
# Where the smallest answers of the other tests do not show a sentence.
MORE: list[list[Any]] = [
    [ROLE, TEXT | {"choices": {"a": 1}}, TEXT, STOP, COUNT, DONE],
    [ROLE, TEXT, STOP, chunk(choices=[YO])],
    [ROLE, TEXT, STOP, chunk(choices=[YO]), DONE],
    [ROLE, without(TEXT, "object"), STOP, COUNT, DONE],
    [without(one, "object") for one in (ROLE, TEXT, STOP, COUNT)],
    [one | {"id": ""} for one in (ROLE, TEXT, STOP, COUNT)],
    [ROLE, TEXT, chunk(choices=[{"index": 0, "delta": None, "finish_reason": "stop"}]), COUNT, DONE],
    [ROLE, chunk({"content": ["Hi"]}), TEXT, STOP, COUNT, DONE],
    [ROLE, call(F | {"id": 5}), CALLS, COUNT, DONE],
    [ROLE, chunk({"tool_calls": [1]}), TEXT, STOP, COUNT, DONE],
    [ROLE, *(chunk({"reasoning": word}) for word in LINE.split() for _ in (1, 2)), TEXT, STOP, COUNT, DONE],
    [ROLE, *(chunk({"reasoning": half}) for half in (LINE[:9], LINE[9:], LINE)), TEXT, STOP, COUNT, DONE],
    [ROLE, call(F), call(more(0, "", id="b")), CALLS, COUNT, DONE],
    [ROLE, call(F | {"type": None}), CALLS, COUNT, DONE],
]
MORE_WHOLE: list[Any] = [
    5,
    answer({}) | {"choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]},
    answer({}) | {"choices": [{"index": 0, "finish_reason": "stop"}]},
    answer({}) | {"choices": answer({"content": "Hi"})["choices"] * 2},
]
# By id, and behind it the variant.
SENTENCES = {
    "C1": "The stream ended without `data: [DONE]`.",
    "C2": "A chunk has no `choices` list (found: {'a': 1}); it must be there, if need be empty.",
    "C2 absent": "A chunk has no `choices` list (found: no such key); it must be there, if need be empty.",
    "C2a": "`choices` holds None where the protocol has an object. It was not read.",
    "C2b": "A choice's `index` is '0'; it must be a whole number. The choice's place in the list was taken for it.",
    "C2b absent": "A choice's `index` is missing; it must be a whole number. The choice's place in the list was taken for it.",
    "C8a": "The answer has no finish_reason: it can't be told from one that was cut off.",
    "C8a after_done": "The answer has no finish_reason, although `[DONE]` came: it can't be told from one that was cut off.",
    "C8c": "The whole answer has no finish_reason (found: '').",
    "C16": "`role` was sent in more than one chunk; it belongs in the first alone.",
    "C17": "A chunk's `object` is 'chat.completion'; it must be `chat.completion.chunk`.",
    "C17 absent": "A chunk's `object` is missing; it must be `chat.completion.chunk`.",
    "C17a": "No chunk has `object: chat.completion.chunk` (found: 'text_completion').",
    "C17a absent": "No chunk has `object: chat.completion.chunk` (found: missing).",
    "C18": "Content came after the chunk with the finish_reason.",
    "C19": "The chunks of this answer have different ids (c, d).",
    "C19a": "The answer has no `id` (found: '').",
    "C19a absent": "The answer has no `id` (found: no such key).",
    "C20": "The chunks of this answer name different models (m, n).",
    "C21": "finish_reason is 'null'; known are stop, length, tool_calls, content_filter and function_call.",
    "C23 stream": "No choice came in the stream: this is not a Chat Completions answer.",
    "C23 keys": "No choice came (the body has success): this is not a Chat Completions answer.",
    "C23 no_object": "No choice came (the body is no JSON object): this is not a Chat Completions answer.",
    "C24": "Events came after `[DONE]`.",
    "C24a": "`[DONE]` was sent more than once.",
    "C25": "The endpoint reported an error inside its stream: Internal Server Error",
    "C25a": "The answer is whole, and yet its `error` says: boom",
    "C26": "The data of an event is not a JSON object: hello",
    "C26a": 'The body begins as JSON, but is not: it is cut off, or more follows it (it ends \'{"choices":[{"index":0\').',
    "C26b": "The data holds NaN, which is no JSON value.",
    "C27": "Content came without a chunk that says `role: assistant`.",
    "C27c": "Content came before the chunk that says `role: assistant`.",
    "C27a": "The role of the answer is 'model'; it must be `assistant`.",
    "C27b": "The role of the message is 'ai'; it must be `assistant`.",
    "C27b absent": "The role of the message is missing; it must be `assistant`.",
    "C28": "finish_reason was sent more than once (null, stop).",
    "C29": "finish_reason is the empty string where null is meant.",
    "C30": "The answer has further choices (index 1); only choice 0 is read.",
    "C30 whole": "The answer has further choices (2 in all); only choice 0 is read.",
    "C33": "A JSON object came that is no chunk: ping",
    "C33 nothing": "An empty JSON object came, which is no chunk.",
    "C34": "Chunks came after the error.",
    "C35": "A chunk's choice has None where the protocol has `delta`.",
    "C35 message": "A chunk's choice has `message` where the protocol has `delta`.",
    "C35a": "A chunk has a `message` beside its `delta`, before the answer is finished. The deltas were read.",
    "C35c": "A chunk has `message: null` beside its `delta`.",
    "C50": (
        "A chunk came under the event name thread.message.delta: SDKs take what is called `thread.` for an event of the "
        "Assistants API."
    ),
    "C35b": "The choice has no `message` object (found: None).",
    "C35b elsewhere": "The choice has no `message` object (found: `delta`).",
    "C39": "The choices of this answer begin with index 1; they must begin with 0. The first one was read.",
    "C49": "`created` is 1.5; it must be a whole number of seconds since 1970.",
    "C49 absent": "`created` is missing; it must be a whole number of seconds since 1970.",
    "C31": "`content` is a list of parts (text); the protocol answers with a string.",
    "C31 no_objects": "`content` is a list of parts (no objects); the protocol answers with a string.",
    "C31 empty": "`content` of the first chunk is an empty list; the protocol answers with a string.",
    "C40": "Text came in `delta.text`, not in `delta.content`. It was not read, as the SDKs do not read it.",
    "C41": "`content` is of type dict. It was not read.",
    "C41 call_id": "`id` of a tool call is of type int. It was not read.",
    "C41 no_objects": "`tool_calls` holds what is no object. It was not read.",
    "C41a": "`reasoning` is {'content': 'Hm'}, which is not of the protocol's type.",
    "C41b": "`logprobs` is [] where the protocol has an object or null.",
    "C41c": "A chunk's `usage` is 'none'; the protocol has an object or null. It was not read.",
    "C43": "The answer ended with finish_reason 'stop', and all its words came as reasoning; `content` is empty.",
    "C47": "`delta.annotations` is a list that came in more than one chunk, and its entries have no `index`.",
    "C4": "Two tool calls share index 0; each needs an index of its own. They were told apart by their ids or names.",
    "C4a": "A fragment of a tool call has no integer `index` (found: None).",
    "C4b": "A tool call has index 1, though 0 was due: calls must be numbered 0, 1, 2 … in the order in which they begin.",
    "C5": "`id` or `name` of a tool call was sent in more than one fragment (id a).",
    "C5 other_id": "`id` or `name` of a tool call was sent in more than one fragment (id a, then b).",
    "C5 name": "`id` or `name` of a tool call was sent in more than one fragment (name f).",
    "C5c": "The name of a tool call came in more than one fragment (get_, then f). The pieces were joined.",
    "C5a": "A tool call has no id (f); its result can't say which call it answers.",
    "C5b": "Two tool calls have the same id (a).",
    "C6": "The arguments of f are a JSON string that holds JSON; they were encoded twice.",
    "C6a": "The arguments of f are JSON as such; the protocol wants a string that holds JSON.",
    "C6b": "The arguments of f are empty; where there are none the protocol has the text `{}`. They were read as none.",
    "C7": "The arguments of f came twice in a row: as fragments, then whole.",
    "C7 pieces": "Each fragment of the arguments of f was sent twice in a row.",
    "C4c": "Each fragment of the arguments of f has an index of its own (0, 1 …), without an id or a name. They were read "
    "as pieces "
    "of one call.",
    "C8d": "The stream ended without a finish_reason for choice 1; that of the choice that is read came.",
    "C30a": "The answer stands in 2 entries of `choices` that have the same index (0). They were read as one.",
    "C30a call": "The tool call stands in choice 1, and choice 0 ends with finish_reason 'tool_calls' without one. It was "
    "read as part "
    "of choice 0.",
    "C7a": "Each fragment of the arguments of f repeats all that came before it.",
    "C7b": "The arguments of f are `{}` with the real ones behind it.",
    "C8": "finish_reason is 'stop' although the answer has tool calls.",
    "C8b": "finish_reason is tool_calls, and the answer has no tool call.",
    "C22": "The arguments of f are not valid JSON.",
    "C22a": "The arguments of f are JSON, but no object.",
    "C32": "The call came as `function_call`, the form of before November 2023; it has no id.",
    "C32a": "The request has `tools`, and the call came as `function_call`, the form of before November 2023.",
    "C38": "A tool call has no function name (a).",
    "C42": "A tool call of the stream has no `type` (found: None); it must be `function` or `custom`.",
    "C42 absent": "A tool call of the stream has no `type` (found: no such key); it must be `function` or `custom`.",
    "C42a": "A later fragment of a tool call has `type` '', which overwrites the one that was sent.",
    "C42b": "A fragment of a tool call has no `function` object.",
    "C3": "The request asked for usage (`stream_options.include_usage`), and no chunk carries a `usage` object.",
    "C3 elsewhere": (
        "The request asked for usage (`stream_options.include_usage`), and no chunk carries a `usage` object; it "
        "stands in `x_groq.usage`."
    ),
    "C3a": "A chunk with usage was followed by one without it.",
    "C3b": "4 chunks carry a `usage` object; it is expected once, in a chunk of its own. The last one is read.",
    "C3c": "Usage came in a chunk that has choices, not in one of its own with `choices: []`.",
    "C3d": "The answer has no `usage` object.",
    "C3e": "`usage` does not say prompt_tokens and completion_tokens (it has input_tokens, output_tokens).",
    "C3f": (
        "A later `usage` counts less than an earlier one (completion_tokens: 9, then 3); counts are for the whole "
        "answer so far. The last was read."
    ),
    "C3g": (
        "Two chunks count the prompt differently (prompt_tokens: 9, then 7): one of them is an estimate, or each counts a "
        "part. The last was read."
    ),
    "C3g output": (
        "Two chunks with a finish_reason or behind it count the answer differently (completion_tokens: 2, then 3): one of them "
        "is an estimate, or each counts a part. The last was read."
    ),
    "U5a": (
        "The tokens read from the cache (5) are counted in `prompt_cache_hit_tokens`; OpenAI has them in "
        "`prompt_tokens_details.cached_tokens`."
    ),
    "C36": "total_tokens is not prompt_tokens + completion_tokens (7 + 3 is not 11).",
    "C37": "A token count is not a whole number from 0 up, or beyond all bounds (prompt_tokens_details.cached_tokens: '5').",
}


def readings() -> Iterator[tuple[Reading, dict[str, Any]]]:
    """Each answer's reading, and the request."""
    for chunks in (*(chunks for _, chunks in STREAM_CASES), *MORE):
        yield read(*chunks), {}
    for value in (*(value for _, value in WHOLE_CASES), *MORE_WHOLE):
        yield read_whole(value), {}
    for _, request, chunks in ASKED_CASES:
        yield read(*chunks), request
    cut = CHAT.reader(streamed=False)
    cut.read_whole(b'{"choices":[{"index":0', 200)
    yield cut.finish(), {}


def findings() -> Iterator[Finding]:
    """What is found in them by this protocol's rules."""
    for reading, request in readings():
        for one in (*reading.findings, *findings_of_answer(CHAT, reading, json.dumps(request).encode())):
            if one.id in RULES:
                yield one


@pytest.mark.english
def test_each_rule_and_each_variant_says_its_sentence() -> None:
    said: dict[str, str] = {}
    for one in findings():
        said.setdefault(f"{one.id} {one.variant}".strip(), one.sentence)
    assert said == SENTENCES


def test_each_sentence_of_the_catalogue_has_a_case() -> None:
    own = {row.id for row in RULES.values() if row.sentence}
    assert own | {f"{row.id} {variant}" for row in RULES.values() for variant in row.variants} == set(SENTENCES)


def test_what_is_said_beside_the_sentence_can_be_shown_too() -> None:
    for one in findings():
        assert all((one.title, one.plain, one.hurts, one.remedy))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (usage(prompt=0, total=3), "prompt_tokens is 0, although something was asked."),
        (usage(completion=0, total=7), "completion_tokens is 0, although the answer has content."),
        (
            usage(prompt_tokens_details={"cached_tokens": 8}),
            "The tokens read from or written to the cache are more than prompt_tokens (8 of 7); they must be a part of it.",
        ),
        (
            usage(completion_tokens_details={"reasoning_tokens": 4}),
            "reasoning_tokens is more than completion_tokens (4 of 3); it must be a part of it.",
        ),
    ],
)
def test_the_rules_that_all_protocols_share_name_the_counts_of_this_one(counts: dict[str, Any], sentence: str) -> None:
    assert [one.sentence for one in read(ROLE, TEXT, STOP, COUNT | {"usage": counts}, DONE).findings] == [sentence]


@pytest.mark.parametrize(
    ("delta", "sentence"),
    [
        ({"tool_calls": [begin(1, None, None, "{x}")]}, "The arguments of tool_calls[1] are not valid JSON."),
        (
            {"tool_calls": [begin(0, "a", None, {"x": 1})]},
            "The arguments of tool_calls[0] are JSON as such; the protocol wants a string that holds JSON.",
        ),
        ({"function_call": {"arguments": "{x}"}}, "The arguments of function_call are not valid JSON."),
        ({"tool_calls": [begin(0, "a", "f", "{x}")]}, "The arguments of f are not valid JSON."),
        ({"tool_calls": [begin(0, "a", None, "{x}")]}, "The arguments of a are not valid JSON."),
    ],
)
def test_a_call_is_told_by_its_name_its_id_or_its_place(delta: dict[str, Any], sentence: str) -> None:
    assert sentence in [one.sentence for one in read(ROLE, chunk(delta), CALLS, COUNT, DONE).findings]


def test_titles_are_in_sentence_case_and_no_text_has_the_mark_of_strong_words() -> None:
    for row in RULES.values():
        assert row.title[0] == row.title[0].upper()
        assert not row.title.endswith(".")
        assert all(STRONG not in template for template in row.templates())

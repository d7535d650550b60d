"""The fields of a request: typed, shown, sent only where they are set, left out where a protocol lacks them."""

from __future__ import annotations

import json

import msgspec
import pytest

from app.protocols.base import NO_OPTIONS, Options, Target
from app.protocols.registry import protocol_ids
from app.request_fields import (
    FIELDS,
    FieldError,
    attachment,
    field,
    fits_beside,
    left_out,
    parsed,
    shown,
    typed,
    value_of,
    with_value,
)
from app.scenarios import Plan, Scenario, first_request, own_body, plan_from_ask
from app.text import numbers
from app.text.sentences import tr

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
TYPED = {
    "max_tokens": ("2 048", 2048, "2048"),
    "temperature": ("0,7", 0.7, "0.7"),
    "effort": ("low", "low", "low"),
    "top_p": ("1", 1, "1"),
    "stop": ("one two\nthree", ("one two", "three"), "“one two” “three”"),
    "tool_choice": ("tool:get_weather", "tool:get_weather", "get_weather"),
    "thinking": ("4096", 4096, "4096"),
    "schema": ('{"type": "object", "properties": {"a": {}}}', {"type": "object", "properties": {"a": {}}}, "a"),
    "seed": ("-7", -7, "-7"),
    "json": ("On", "object", "on"),
}
# Where each protocol has it, seen in its documents (PROTOCOLS 1A.2, 1B.2, 1C.2); None: it has no such field.
PLACES: dict[str, dict[str, str | None]] = {
    "anthropic-messages": {
        "max_tokens": "max_tokens", "temperature": "temperature", "effort": "output_config", "top_p": "top_p",
        "stop": "stop_sequences", "tool_choice": "tool_choice", "thinking": "thinking", "schema": "output_config", "seed": None,
        "json": None,
    },
    "openai-chat": {
        "max_tokens": "max_tokens", "temperature": "temperature", "effort": "reasoning_effort", "top_p": "top_p",
        "stop": "stop", "tool_choice": "tool_choice", "thinking": None, "schema": "response_format", "seed": "seed",
        "json": "response_format",
    },
    "openai-responses": {
        "max_tokens": "max_output_tokens", "temperature": "temperature", "effort": "reasoning", "top_p": "top_p",
        "stop": None, "tool_choice": "tool_choice", "thinking": None, "schema": "text", "seed": None,
        "json": "text",
    },
}  # fmt: skip


def body(plan: Plan, protocol_id: str) -> dict[str, object]:
    made: dict[str, object] = json.loads(first_request(plan, protocol_id, "m", Target("http://h")).body)
    return made


@pytest.mark.parametrize("name", TYPED)
def test_typed_shown_and_sent_only_where_set(name: str) -> None:
    text, value, said = TYPED[name]
    one, bare = field(name), Plan(Scenario.TOOLS, max_tokens=None)
    assert parsed(one, text) == value
    assert parsed(one, typed(one, value)) == value
    assert shown(one, value) == said
    plan = with_value(bare, one, value)
    assert (value_of(bare, one), value_of(plan, one)) == (None, value)
    assert with_value(plan, one, None) == bare
    for protocol_id, places in PLACES.items():
        place, before, after = places[name], body(bare, protocol_id), body(plan, protocol_id)
        assert set(after) - set(before) == ({place} if place else set())
        assert {key: after[key] for key in before} == before
        assert left_out(plan, protocol_id) == (() if place else (one,))


@pytest.mark.parametrize(("value", "text"), [(True, "on"), (False, "off"), (None, "")])
def test_strict_is_sent_with_a_schema_alone_and_only_where_it_is_set(value: bool | None, text: str) -> None:
    schema: dict[str, object] = {"type": "object"}
    bare, strict = Plan(options=Options(schema=schema)), field("strict")
    plan = with_value(bare, strict, parsed(strict, text))
    assert value_of(plan, strict) is value
    assert typed(strict, value) == text
    sent = {} if value is None else {"strict": value}
    chat, responses = body(plan, "openai-chat"), body(plan, "openai-responses")
    assert chat["response_format"] == {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema} | sent}
    assert responses["text"] == {"format": {"type": "json_schema", "name": "answer", "schema": schema} | sent}
    # Messages keeps to every schema, and has no field for it.
    assert body(plan, "anthropic-messages") == body(bare, "anthropic-messages")
    assert left_out(plan, "anthropic-messages") == (() if value is None else (strict,))
    alone = with_value(plan, field("schema"), None)
    assert alone.as_sent == Plan().as_sent
    assert (fits_beside(strict, plan), fits_beside(strict, alone)) == (True, False)


def test_a_schema_counts_before_json_mode() -> None:
    both = Plan(options=Options(json="object", schema={"type": "object"}))
    assert both.as_sent.options == Options(schema={"type": "object"})
    assert left_out(both, "anthropic-messages") == ()
    assert not fits_beside(field("json"), both)
    assert fits_beside(field("json"), Plan(options=Options(json="object")))


def test_a_body_to_be_changed_by_hand() -> None:
    assert own_body(b'{"model":"m","a":{"b":"\\u00fc"}}') == '{\n  "a": {\n    "b": "\u00fc"\n  }\n}'
    assert own_body(b"{ no JSON") == "{ no JSON"


def test_a_picture_goes_with_the_first_words_of_every_protocol() -> None:
    files = (attachment("a.png", PNG), attachment("b.pdf", b"%PDF-1.4 ..."))
    for protocol_id in protocol_ids():
        for scenario in (Scenario.MINIMAL, Scenario.TOOLS, Scenario.CONVERSATION):
            plan = with_value(Plan(scenario), field("attachments"), files)
            sent = json.dumps(body(plan, protocol_id))
            assert files[0].base64 in sent
            assert files[1].base64 in sent
            assert "attachments" not in [one.name for one in left_out(plan, protocol_id)]
    assert shown(field("attachments"), files[:1]) == "a.png"
    assert shown(field("attachments"), files) == "2 files"
    assert with_value(plan, field("attachments"), None) == Plan(Scenario.CONVERSATION)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("temperature", "warm", "temperature is a number, such as 0.7."),
        ("temperature", "nan", "temperature is a number, such as 0.7."),
        ("seed", "1.5", "seed is a whole number."),
        ("max_tokens", "0", f"{tr('max')} is from 1 to {numbers.count((1 << 31) - 1)}."),
        ("max_tokens", "2147483648", f"{tr('max')} is from 1 to {numbers.count((1 << 31) - 1)}."),
        ("thinking", "9" * 5000, "thinking is a whole number."),
        ("strict", "maybe", "strict is on or off."),
        ("json", "object", "JSON mode is on."),
        ("schema", "[1]", "A JSON schema is a JSON object."),
        ("schema", "{", "That is not JSON: "),
    ],
)
def test_a_text_that_is_no_value(name: str, text: str, said: str) -> None:
    with pytest.raises(FieldError) as caught:
        parsed(field(name), text)
    assert str(caught.value).startswith(said)


def test_what_is_no_picture() -> None:
    with pytest.raises(FieldError, match=r"a\.txt is no picture"):
        attachment("a.txt", b"hello")
    with pytest.raises(FieldError, match="longer than"):
        attachment("a.png", PNG + bytes(20 << 20))


def test_a_choice_of_tools_is_sent_with_tools_alone() -> None:
    one = field("tool_choice")
    assert [scenario for scenario in Scenario if one.suits(scenario)] == [Scenario.TOOLS]
    plan = with_value(Plan(), one, "any")
    assert "tool_choice" not in body(plan, "openai-chat")
    assert plan.as_sent == Plan().as_sent


def test_a_plan_survives_its_file_and_an_older_one_has_no_fields() -> None:
    plan = Plan(Scenario.TOOLS, options=Options(temperature=0, stop=("a",), schema={"type": "object"}, thinking=64))
    plan = with_value(plan, field("attachments"), (attachment("a.png", PNG),))
    ask = json.loads(json.dumps(msgspec.to_builtins(plan)))
    assert plan_from_ask(ask | {"body": ""}) == plan
    older = {name: value for name, value in ask.items() if name not in ("options", "attachments")}
    read = plan_from_ask(older)
    assert read is not None
    assert (read.options, read.attachments) == (NO_OPTIONS, ())


def test_no_field_suits_a_body_of_ones_own() -> None:
    assert not any(one.suits(Scenario.CUSTOM) for one in FIELDS)
    assert all(one.suits(Scenario.TOOLS) for one in FIELDS)


@pytest.mark.parametrize(("length", "seen"), [(18, "x" * 18), (19, "x" * 17 + "…")])
def test_a_chip_has_a_few_words(length: int, seen: str) -> None:
    assert shown(field("tool_choice"), "x" * length) == seen


@pytest.mark.parametrize(("size", "taken"), [(20 << 20, True), ((20 << 20) + 1, False)])
def test_a_file_has_at_most_what_an_endpoint_takes(size: int, taken: bool) -> None:
    data = PNG + bytes(size - len(PNG))
    if taken:
        assert attachment("a.png", data).media_type == "image/png"
    else:
        with pytest.raises(FieldError, match="longer than"):
            attachment("a.png", data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF0000WEBP", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_a_file_is_told_by_its_first_bytes(data: bytes, kind: str) -> None:
    assert attachment("a.txt", data).media_type == kind
    with pytest.raises(FieldError):
        attachment("a.wav", b"RIFF0000WAVE")

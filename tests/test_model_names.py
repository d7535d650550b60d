"""Model lists in every shape, names that mean the same, and the nearest names."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import model_names
from app.model_names import is_claude_endpoint, nearest, offered, read_model_list, same_model, suggest

RECORDINGS = Path(__file__).parents[2] / "shared" / "recordings" / "exchanges.jsonl.gz"

CLAUDE = ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"]


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ({"data": [{"type": "model", "id": "a", "display_name": "A"}, {"id": "b"}], "has_more": False}, ["a", "b"]),
        ({"object": "list", "data": [{"id": "a", "object": "model", "owned_by": "x"}]}, ["a"]),
        ({"object": "list", "success": True, "data": [{"id": "a", "supported_endpoint_types": ["openai"]}]}, ["a"]),
        ([{"id": "a"}, {"model_id": "b"}, "c"], ["a", "b", "c"]),
        ({"models": [{"name": "a:latest", "model": "a:latest"}]}, ["a:latest"]),
        ({"data": [{"id": "a"}, {"id": "a"}, {"id": 3}, None, {"x": 1}]}, ["a"]),
        ({"data": ["a", " ", "b"]}, ["a", "b"]),
    ],
)
def test_shapes(answer: object, ids: list[str]) -> None:
    found = read_model_list(json.dumps(answer).encode())
    assert (found.ids, found.next_after, found.problem) == (ids, None, "")


def test_titles_and_pages() -> None:
    page: dict[str, object] = {"data": [{"id": "a", "display_name": "A"}, {"id": "b"}], "has_more": True, "last_id": "b"}
    found = read_model_list(json.dumps(page).encode())
    assert found.models[0].title == "A"
    assert found.next_after == "b"
    del page["last_id"]
    assert read_model_list(json.dumps(page).encode()).next_after == "b"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"<!doctype html><title>Panel</title>", "web page"),
        (b"not found", "not JSON"),
        (b'{"id": "\xff"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"null", "no model list"),
        (b"{}", "no model list"),
        (b'{"data": {}}', "no model list"),
        (b'{"data": []}', "list is empty"),
        (b'{"data": [{"x": 1}]}', "no entry with a name"),
        (b'{"error": {"message": "bad key", "type": "x"}}', "bad key"),
        (b'{"error": "bad key"}', "bad key"),
        (b'{"success": false, "message": "bad key"}', "bad key"),
    ],
)
def test_no_list(body: bytes, said: str) -> None:
    found = read_model_list(body)
    assert found.models == ()
    assert said in found.problem


@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.sampled_from(["data", "id", "models", "error", "has_more"]), c),
    ).map(lambda v: json.dumps(v).encode())
)
def test_never_raises(body: bytes) -> None:
    found = read_model_list(body)
    assert bool(found.models) != bool(found.problem)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-5.5", "gpt-5.5-2026-04-23"),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
        ("claude-opus-4-6-20260205", "claude-opus-4-6"),
        ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
        ("gpt-5.6", "gpt-5.6-sol"),
        ("anthropic/claude-sonnet-4.5", "anthropic/claude-4.5-sonnet-20250929"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929"),
        ("claude-opus-4-8[1m]", "claude-opus-4-8"),
        ("claude-opus-4-8-thinking", "claude-opus-4-8"),
        ("deepseek/deepseek-r1:free", "deepseek/deepseek-r1"),
        ("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("chat-latest", "gpt-5.5-2026-04-23"),
        ("", ""),
        ("sim,gpt-5.5", "gpt-5.5-2026-04-23"),
        ("openai:gpt-4o", "gpt-4o-2024-08-06"),
        ("anthropic,claude-opus-4-8", "anthropic/claude-opus-4.8"),
    ],
)
def test_the_same_model(asked: str, answered: str) -> None:
    assert same_model(asked, answered)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("gpt-4o-2024-08-06", "gpt-4o-2024-11-20"),
        ("claude-opus-4-8", "claude-sonnet-4-6"),
        ("claude-opus-4-8", "claude-opus-4-7"),
        ("claude-sonnet-4-5", "claude-sonnet-4"),
        ("gpt-5.6-sol", "gpt-5.6-luna"),
        ("google/gemini-2.0-flash-exp:free", "x-ai/grok-4"),
        ("deepseek-reasoner", "deepseek-v4-flash"),
        ("openai,gpt-4o", "gpt-4o-mini"),
        ("llama3:8b", "mistral:8b"),
        ("gpt-4o", ""),
    ],
)
def test_another_model(asked: str, answered: str) -> None:
    assert not same_model(asked, answered)


def recorded_pairs() -> set[tuple[str, str, str]]:
    """(host, model asked for, model of the answer) of the recorded answers that came in one piece."""
    pairs = set()
    with gzip.open(RECORDINGS, "rt", encoding="utf-8") as lines:
        for exchange in map(json.loads, lines):
            try:
                answered = json.loads(exchange["body"]).get("model")
            except (ValueError, AttributeError):
                continue
            if answered and (exchange["request"] or {}).get("model"):
                pairs.add((exchange["host"], exchange["request"]["model"], answered))
    return pairs


@pytest.mark.skipif(not RECORDINGS.exists(), reason="../shared/recordings is not there")
def test_no_recorded_official_answer_is_taken_for_another_model() -> None:
    pairs = recorded_pairs()
    official = [(asked, got) for host, asked, got in pairs if host in ("api.openai.com", "api.anthropic.com")]
    assert len(official) >= 5
    assert [pair for pair in official if not same_model(*pair)] == []


def test_a_listed_model_needs_no_word() -> None:
    assert suggest("claude-opus-4-8", CLAUDE).sentence == ""
    assert suggest("anything", []).sentence == ""


@pytest.mark.parametrize(
    ("model", "best"),
    [
        ("claude-opus-4.8", "claude-opus-4-8"),
        ("claude-opus-4-7", "claude-opus-4-8"),
        ("claude-sonet-4-6", "claude-sonnet-4-6"),
        ("Claude-Sonnet-4-6", "claude-sonnet-4-6"),
        ("haiku-4-5", "claude-haiku-4-5-20251001"),
        ("sonnet", "claude-sonnet-4-6"),
    ],
)
def test_the_nearest_name_comes_first(model: str, best: str) -> None:
    found = suggest(model, CLAUDE)
    assert found.nearest[0] == best
    assert model in found.sentence
    assert best in found.sentence


def test_a_dated_form_is_said_to_be_the_same() -> None:
    found = suggest("claude-haiku-4-5", CLAUDE)
    assert found.nearest == ("claude-haiku-4-5-20251001",)


def test_nothing_near_names_nothing() -> None:
    assert suggest("zzz", CLAUDE).nearest == ()
    assert nearest("gpt-4o", ["gpt-4o-mini", "gpt-4.1", "whisper-1", "gpt-4o-2024-08-06"])[0] == "gpt-4o-2024-08-06"
    assert suggest(" ", CLAUDE).sentence == "No model is chosen."


@pytest.mark.parametrize(
    ("model", "counterpart"),
    [
        ("gpt-4o", "claude-sonnet-4-6"),
        ("gpt-4o-2024-08-06", "claude-sonnet-4-6"),
        ("openai/gpt-4o", "claude-sonnet-4-6"),
        ("gpt-4-turbo", "claude-opus-4-8"),
        ("gpt-3.5-turbo", "claude-haiku-4-5-20251001"),
        ("gpt-3.5-turbo-0125", "claude-haiku-4-5-20251001"),
        ("gpt-5.5", None),
    ],
)
@pytest.mark.parametrize("available", [[], CLAUDE])
def test_gpt_at_a_claude_endpoint(model: str, counterpart: str | None, available: list[str]) -> None:
    found = suggest(model, available, claude_endpoint=True)
    assert found.counterpart == counterpart
    assert (counterpart or "serves Claude") in found.sentence


def test_a_counterpart_that_is_not_served_gives_way_to_the_nearest() -> None:
    assert (
        suggest("gpt-3.5-turbo", ["claude-haiku-4-5", "claude-opus-4-8"], claude_endpoint=True).counterpart
        == "claude-haiku-4-5"
    )
    assert suggest("gpt-4o", ["claude-sonnet-5", "claude-opus-5"], claude_endpoint=True).counterpart == "claude-sonnet-5"


@pytest.mark.parametrize(
    ("protocol", "url", "available", "claude"),
    [
        ("anthropic-messages", "https://relay", [], True),
        ("openai-chat", "https://api.anthropic.com/v1/", [], True),
        ("openai-chat", "https://relay/v1", [], False),
        ("openai-chat", "https://relay/v1", CLAUDE, True),
        ("anthropic-messages", "https://relay", [*CLAUDE, "gpt-4o"], False),
    ],
)
def test_claude_endpoints(protocol: str, url: str, available: list[str], claude: bool) -> None:
    assert is_claude_endpoint(protocol, url, available) is claude


def test_a_list_without_end_is_searched_and_compared_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at with every key that is typed."""
    names = tuple(f"vendor{number % 97}/model-{number}-chat" for number in range(100_000))
    compared: list[str] = []
    real = model_names.same_model

    def counted(asked: str, name: str) -> bool:
        compared.append(name)
        return real(asked, name)

    monkeypatch.setattr(model_names, "same_model", counted)
    assert suggest("model-777-cat", names).nearest[0] == "vendor1/model-777-chat"
    assert len(compared) == 300
    assert suggest(names[-1], names).sentence == ""
    assert suggest("model-99999-chat", names).sentence.startswith("“model-99999-chat” is not in the endpoint's list")
    pages = tuple(f"{number}-" + "x" * 5_000 for number in range(3_000))
    assert suggest("x", pages).nearest == ()
    assert len(model_names.offered(names)) == 2_000
    assert model_names.offered((*pages, "m")) == ("m",)
    assert model_names.offered(("b", "a")) == ("b", "a")


def test_a_long_list_is_searched_so_far_and_long_names_are_none() -> None:
    others = [f"other-{number}" for number in range(20_000)]
    assert suggest("claude-opus-4-8", [*others[:19_999], "claude-opus-4-9"]).nearest == ("claude-opus-4-9",)
    assert suggest("claude-opus-4-8", [*others[:20_000], "claude-opus-4-9"]).nearest == ()
    assert offered(["x" * 200, "x" * 201]) == ("x" * 200,)
    assert suggest(" ", ["a", "b", "c", "d"]).nearest == ("a", "b", "c")

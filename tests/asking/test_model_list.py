"""The model list: all its pages and no more, and a sentence where there is none."""

from __future__ import annotations

import json

import pytest

from app.asking.caller import Caller, Purpose
from app.asking.model_list import MAX_PAGES, PAGE_BYTES, fetch_pages, list_models
from app.store.profiles import Profile
from app.wire.client import WireClient
from tests.asking.path_servers import Answer, Host, Said, hosting, said_json
from tests.wire.conftest import KEY


def listing(*ids: str, more: bool = False) -> Said:
    return said_json(200, {"data": [{"id": one, "type": "model"} for one in ids], "has_more": more, "last_id": ids[-1]})


def pages(*answers: Said) -> Answer:
    """These answers, one after the other; the last one for ever."""
    left = list(answers)
    return lambda _path, _body: left.pop(0) if len(left) > 1 else left[0]


def caller(wire: WireClient, host: Host, key: str = KEY) -> Caller:
    return Caller(wire, Profile("Mine", base_url=host.url, http2=False), key)


async def test_all_pages_in_their_order_and_each_model_once(wire: WireClient) -> None:
    async with hosting(pages(listing("a", "b", more=True), listing("b", "c"))) as host:
        found = await list_models(caller(wire, host))
    assert (found.ids, found.problem) == (["a", "b", "c"], "")
    assert [one.path.partition("?")[2] for one in host.heard] == ["limit=1000", "limit=1000&after_id=b"]


async def test_a_list_that_repeats_itself_is_asked_twice_at_the_most(wire: WireClient) -> None:
    async with hosting(pages(listing("a", more=True))) as host:
        found = await list_models(caller(wire, host))
    assert (found.ids, found.problem, len(host.heard)) == (["a"], "", 2)


async def test_a_list_without_end_is_ended(wire: WireClient) -> None:
    async with hosting(pages(*(listing(f"m{number}", more=True) for number in range(MAX_PAGES + 5)))) as host:
        found = await list_models(caller(wire, host))
    assert len(host.heard) == len(found.ids) == MAX_PAGES == 20
    assert found.problem == "The list goes on after 20 pages; the rest was left out."


async def test_what_came_before_a_page_that_is_refused_is_kept(wire: WireClient) -> None:
    async with hosting(pages(listing("a", more=True), Said(500))) as host:
        found = await list_models(caller(wire, host))
    assert found.ids == ["a"]
    assert found.problem.startswith("The model list could not be had. ")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (said_json(200, {"data": []}), "The endpoint's model list is empty."),
        (Said(404), "The model list could not be had. "),
        (Said(401), "The model list could not be had. "),
    ],
)
async def test_what_is_no_list_is_said(wire: WireClient, answer: Said, said: str) -> None:
    async with hosting(pages(answer)) as host:
        found = await list_models(caller(wire, host))
    assert found.ids == []
    assert found.problem.startswith(said)


async def test_a_page_has_a_limit_of_size(wire: WireClient) -> None:
    assert PAGE_BYTES == 16 << 20
    async with hosting(pages(Said(200, json.dumps({"data": [{"id": "x" * 4096}]}).encode()))) as host:
        found, exchanges = await fetch_pages(caller(wire, host), Purpose("models", "models", body_bytes=1 << 10))
    assert found.ids == []
    end = exchanges[-1].recording.end
    assert end is not None
    assert end.code == "too_large"

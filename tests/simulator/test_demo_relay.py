"""What the demo's relay can be told to do: each manner does something, and the list of faults is the simulator's."""

from __future__ import annotations

import json
from importlib.resources import files

import httpx
import pytest

from app.simulator.demo_relay import MANNERS, Manner, address, all_faults, line_said, shows, words
from app.simulator.faults import list_faults, parse_faults
from app.simulator.server.process import faults_table
from app.simulator.server.urls import split_faults

BODY = {"model": "claude-sonnet-4-6", "max_tokens": 20, "messages": [{"role": "user", "content": "Hé"}]}


def asked(root: str, manner: str) -> httpx.Response:
    return httpx.post(f"{root}/{address(manner)}/v1/messages", json=BODY, headers={"anthropic-version": "2023-06-01"})


@pytest.mark.english  # the file is
def test_the_file_of_faults_is_as_the_simulator_lists_them() -> None:
    """Write it anew with `python -m app.simulator.server.process --list-faults > resources/faults.txt`."""
    assert files("resources").joinpath("faults.txt").read_text(encoding="utf-8") == faults_table()
    assert [one.name.partition("=")[0] for one in all_faults()] == [one.name for one in list_faults()]
    assert {one.group for one in all_faults()} == {one.group for one in list_faults()}


@pytest.mark.parametrize("manner", MANNERS[2:], ids=lambda one: one.words)
def test_a_manner_is_made_of_faults_and_says_what_it_shows(manner: Manner) -> None:
    assert parse_faults(split_faults(manner.name))
    assert words(manner.name) == manner.words
    assert shows(manner.name) == manner.shows
    assert len(manner.words) <= 18
    assert not manner.shows.endswith(".")


def test_a_fault_that_was_searched_for_is_called_by_its_name() -> None:
    assert words("crlf") == "crlf"
    assert shows("crlf") == line_said("Lines end with CRLF (legal).")[:-1]


def test_the_address_decides_what_the_relay_does(root: str) -> None:
    usual, honest = (json.loads(asked(root, name).content) for name in ("", "honest"))
    official = json.loads(
        httpx.post(f"{root}/official/v1/messages", json=BODY, headers={"anthropic-version": "2023-06-01"}).content
    )
    counts = [one["usage"]["input_tokens"] for one in (usual, honest, official)]
    assert counts[1] == counts[2] < counts[0]
    assert "x-oneapi-request-id" in asked(root, "honest").headers
    assert asked(root, "error_401").status_code == 401
    assert asked(root, "html_200").headers["content-type"].startswith("text/html")
    refused = asked(root, "error_429+retry_after=7")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    doubled = json.loads(asked(root, "usage_doubled_output").content)["usage"]["output_tokens"]
    assert doubled > official["usage"]["output_tokens"]
    assert asked(root, "there_is_none").status_code == 404

"""Reach: certificates by what is left of them, lists as sets, headers that are news."""

from __future__ import annotations

import pytest

from app.checks.registry import by_id
from app.checks.seen import Seen, Steps
from app.exchange.exchange import Exchange
from app.protocols.ids import CHAT, MESSAGES
from app.recording.records import (
    Certificate,
    Connected,
    Ended,
    EndKind,
    Envelope,
    Headed,
    Headers,
    MarkName,
    Opened,
    ProfileNote,
    Request,
    SideName,
    WireErrorCode,
)
from tests.builders import put_together
from tests.checks.catalogue.judged import found, judgement, one_side, say
from tests.checks.made import MODELS, Answer, refused, said

NOW = "2026-11-29T12:00:00.000Z"


def reached(
    url: str = "https://relay.example/v1/models",
    *,
    begins: str = "2026-10-01T00:00:00Z",
    ends: str = "2026-12-30T00:00:00Z",
    tls: str = "TLSv1.3",
    head: Headed | None = None,
    end: Ended | None = None,
    verify: bool = True,
) -> Steps:
    """A model list that was asked for at `NOW`, over a connection with such a certificate."""
    certificate = Certificate("relay.example", "R11", ("relay.example",), begins, ends) if tls else None
    note = ProfileNote("B", "https://relay.example", MESSAGES, verify_tls=verify)
    envelope = Envelope(MESSAGES, note, "checks", "m", "b", 1, False, NOW, "", "reached", "models")
    connected = Connected(False, "192.0.2.1:443", tls_version=tls, certificate=certificate)
    opened = Opened(envelope, Request("GET", url))
    shown = head or Headed(200, "OK", "HTTP/1.1", ())
    pieces = [(10.0, b'{"data": []}')]
    marks = {MarkName.SEND_BEGIN: 0.0, MarkName.SEND_END: 1.0}
    made = put_together(opened, marks, connected, None if end else shown, [] if end else pieces, end)
    return Steps("b", MESSAGES, "m", [Exchange(made).finish()], check="reached")


def reason(check: str, steps: Steps) -> tuple[str, str]:
    one = by_id()[check].judge(Seen(steps)).b
    assert say(one)
    return str(one.verdict), one.reason


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("2026-10-01T00:00:00Z", "2026-12-30T00:00:00Z", ("pass", "tls")),
        ("2026-10-01T00:00:00Z", "2026-12-07T00:00:00Z", ("pass", "tls")),
        ("2026-10-01T00:00:00Z", "2026-12-06T00:00:00Z", ("differs", "ends_soon")),
        ("2026-10-01T00:00:00Z", "2026-11-20T00:00:00Z", ("differs", "ends_soon")),
        # One of six days has its last quarter before it is late.
        ("2026-11-26T00:00:00Z", "2026-12-02T00:00:00Z", ("pass", "tls")),
        ("2026-11-24T00:00:00Z", "2026-11-30T00:00:00Z", ("differs", "ends_soon")),
        ("", "soon", ("pass", "tls")),
    ],
)
def test_certificates(begins: str, ends: str, expected: tuple[str, str]) -> None:
    assert reason("tls", reached(begins=begins, ends=ends)) == expected


def test_what_is_left_is_said() -> None:
    one = by_id()["tls"].judge(Seen(reached(verify=False))).b
    assert one.words("B") == "B has a certificate for 30 more days, which this profile does not verify."


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8080/v1/models", ("unsupported", "plain_here")),
        ("http://localhost/v1/models", ("unsupported", "plain_here")),
        ("http://relay.example/v1/models", ("differs", "plain")),
    ],
)
def test_without_tls(url: str, expected: tuple[str, str]) -> None:
    assert reason("tls", reached(url, tls="")) == expected


def test_what_does_not_answer_is_not_reached() -> None:
    refused_there = Ended(EndKind.ERROR, 5_000_000, WireErrorCode.REFUSED, "connection refused", "connect")
    assert reason("reached", reached(tls="", end=refused_there)) == ("fail", "no_answer")
    assert reason("reached", reached(head=Headed(404, "Not Found", "HTTP/1.1", ()))) == ("pass", "answers")
    assert reason("reached", reached(head=Headed(200, "OK", "HTTP/1.0", ()))) == ("differs", "http_1_0")


@pytest.mark.parametrize(("status", "expected"), [(200, "pass"), (304, "pass"), (301, "fail"), (308, "fail")])
def test_redirects(status: int, expected: str) -> None:
    head = Headed(status, "", "HTTP/1.1", (("location", "https://elsewhere.example/"),))
    assert reason("redirect", reached(head=head))[0] == expected


def test_a_list_alone_that_redirects_is_no_moved_endpoint() -> None:
    head = Headed(302, "", "HTTP/1.1", (("location", "/login"),))
    answered = one_side("admitted", {"hello": [said(MESSAGES)]})
    both = Steps("b", MESSAGES, "m", [*reached(head=head).everything, *answered.everything])
    assert reason("redirect", both) == ("differs", "list_redirects")


def listing(*ids: str, more: bool = False) -> Answer:
    return 200, {"object": "list", "data": [{"id": one} for one in ids], "has_more": more}


MINE = MODELS[CHAT]


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        ([listing(MINE, "x")], [listing(MINE)], ("pass", "listed")),
        ([listing(f"openai/{MINE}")], None, ("pass", "listed")),
        ([listing("x")], [listing(MINE)], ("differs", "unlisted")),
        ([listing("x", more=True)], None, ("inconclusive", "long_list")),
        ([listing("x", more=True), listing(MINE)], None, ("pass", "listed")),
        ([listing()], None, ("unsupported", "empty_list")),
        ([refused(CHAT, "no such path", 404)], None, ("unsupported", "no_list")),
        ([refused(CHAT, "no key", 401)], None, ("inconclusive", "status_401")),
        ([(200, {"hello": 1})], None, ("unsupported", "no_list")),
    ],
)
def test_lists(b: list[Answer], a: list[Answer] | None, expected: tuple[str, str]) -> None:
    assert found("model_list", {"models": b}, {"models": a} if a else None, CHAT) == expected


def test_lists_are_compared_as_sets() -> None:
    one = judgement("model_list", {"models": [listing(MINE, "x", "y")]}, {"models": [listing(MINE, "z")]}, CHAT).b
    assert one.measured_words("B") == "3 models, +2, −1"
    assert "2 that the control lacks, 1 fewer" in one.words("B")


def headers(side: SideName, *pairs: tuple[str, str]) -> Steps:
    from tests.checks.catalogue.judged import one_side

    made: Headers = pairs
    return one_side("headers", {"plain": [said(MESSAGES)]}, side=side, headers=made)


def test_only_headers_that_the_control_lacks_are_news() -> None:
    judge = by_id()["headers"].judge
    ours, theirs = headers("b", ("cf-ray", "1"), ("Date", "x"), ("access-control-x", "1")), headers("a", ("CF-Ray", "2"))
    assert judge(Seen(ours, theirs)).b.reason == "no_news"
    relay = judge(Seen(headers("b", ("X-LiteLLM-Version", "1"), ("cf-ray", "1")), theirs)).b
    assert relay.words("B").startswith("B adds x-litellm-version, which")
    assert str(relay.harm) == "note"

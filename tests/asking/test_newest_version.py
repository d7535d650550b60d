"""The newest version is asked for over the wire: one request, which says nothing of us."""

from __future__ import annotations

from importlib.metadata import metadata

from app.asking.newest_version import ask_newest
from app.diagnosis import Diagnosis
from app.releases import Found, Published
from app.wire.client import WireClient
from tests.asking.path_servers import Said, hosting, said_json


async def test_one_request_asks_and_says_nothing_of_us(wire: WireClient) -> None:
    info = {"name": "diptych", "version": "999.0", "summary": metadata("diptych")["Summary"]}
    async with hosting(lambda _path, _body: said_json(200, {"info": info})) as host:
        found = await ask_newest(wire, f"{host.url}/pypi/diptych/json")
    assert found == Published(Found.NEWER, "999.0")
    (heard,) = host.heard
    assert (heard.path, heard.body, host.served.heads[0][:4]) == ("/pypi/diptych/json", b"", b"GET ")
    assert heard.headers.keys() <= {"host", "accept", "user-agent", "connection", "accept-encoding", "content-length"}
    assert heard.headers["user-agent"] == "diptych"


async def test_what_does_not_answer_is_told_by_its_cause(wire: WireClient) -> None:
    async with hosting(lambda _path, _body: Said(200)) as host:
        url = host.url
    found = await ask_newest(wire, f"{url}/pypi/diptych/json")
    assert isinstance(found, Diagnosis)
    assert found.cause

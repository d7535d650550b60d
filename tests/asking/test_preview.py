"""What would be sent, built before it is: as the run builds it, and without a secret."""

from __future__ import annotations

import json

import pytest

from app.asking.preview import preview
from app.protocols.registry import protocol_ids
from app.scenarios import Plan, Scenario
from app.store.profiles import Profile

SECRET = "sk-secret-in-a-header-0123456789"


@pytest.mark.parametrize("protocol", protocol_ids())
@pytest.mark.parametrize("scenario", list(Scenario))
def test_the_request_as_built_and_no_secret_in_it(protocol: str, scenario: Scenario) -> None:
    headers = (("x-relay-token", SECRET), ("x-team", "blue"))
    profile = Profile("p", protocol, "https://user:hunter2hunter2@h.example/v1", auth="bearer", headers=headers)
    plan = Plan(scenario, "Why?", body=b'{"stream": true}')
    request = preview(plan, profile, "some-model", with_key=True)
    assert request is not None
    sent = dict(request.headers)
    assert json.loads(request.body)["model"] == "some-model"
    assert sent["authorization"] == "Bearer ********"
    assert sent["x-team"] == "blue"
    assert SECRET not in str(request)
    assert "hunter2" not in str(request)
    bare = preview(plan, profile, "some-model", with_key=False)
    assert bare is not None
    assert "authorization" not in dict(bare.headers)


def test_an_unknown_protocol_has_none() -> None:
    assert preview(Plan(), Profile("p", "made-up"), "m", with_key=False) is None

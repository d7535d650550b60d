"""Where the simulator's endpoints are: the base URL to give to a client, by endpoint name and protocol.

`official` and `relay` are the demo's two; `relay/honest` and `relay/fault/NAME+NAME=VALUE` are the relay in other manners (see
`app.simulator.demo_relay`); `fault/NAME+NAME=VALUE` is the official one, unpaced, with those faults.
"""

from __future__ import annotations

from app.simulator.shared.refusals import MESSAGES

OFFICIAL = "official"
RELAY = "relay"
FAULT_HEADER = "x-diptych-fault"
PACE_HEADER = "x-diptych-pace"
TOKEN_VARIABLE = "DIPTYCH_MIRROR_TOKEN"  # the token of an endpoint behind a relay, where it is not drawn
PACE_NAMES = ("steady", "official", "none")  # of an endpoint behind a relay; the first is the usual one


def fault_endpoint(*names: str) -> str:
    """The endpoint that has these faults: `fault_endpoint("crlf", "cut_after_n=5")` is `fault/crlf+cut_after_n=5`."""
    return "fault/" + "+".join(names)


def base_url(root: str, endpoint: str, protocol_id: str) -> str:
    """The base URL as the protocol's official SDK takes it: without `/v1` for Messages, with it for the OpenAI protocols."""
    url = f"{root.rstrip('/')}/{endpoint}"
    return url if protocol_id == MESSAGES else f"{url}/v1"


def split_faults(text: str) -> list[str]:
    """The names in a path segment or header: separated by `+`, commas or blanks."""
    return [name for name in text.replace("+", " ").replace(",", " ").split() if name]

"""Whether a host is this machine, so that what is sent to it reaches no network."""

from __future__ import annotations

import ipaddress


def is_this_machine(host: str) -> bool:
    """Decided without name resolution: other spellings (`x.localhost`, 2130706433) may lead elsewhere."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified

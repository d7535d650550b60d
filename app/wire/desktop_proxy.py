"""The proxy that the desktop has set, which no exchange takes by itself: for what is said where a connection fails without one.

Which desktop keeps it where is as in Chromium (`net/proxy_resolution/proxy_config_service_linux.cc`): the browser beside us.
Scripts that choose a proxy (PAC) are not read, only told of. Only Linux. `app.wire.child` lets the variables through that
are looked at here, or by the program that is asked.
"""

from __future__ import annotations

import ast
import ipaddress
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from configparser import ConfigParser, Error
from pathlib import Path
from typing import NamedTuple

from app.recording.records import PROXY_BY_SCRIPT
from app.wire.proxies import is_bypassed

_GNOME_LIKE = frozenset({"GNOME", "UNITY", "CINNAMON", "X-CINNAMON", "PANTHEON", "DEEPIN", "DDE", "UKUI"})
_ASK = ("gsettings", "list-recursively", "org.gnome.system.proxy")
_ANSWERS_IN_S = 2.0
_OF_KDE = re.compile(r"(?:\w+://)?(?:[^@\s]*@)?(\[[^\]\s]+\]|[^:\s\[\]]+)[:\s](\d+)/?")


class Manual(NamedTuple):
    """What is set by hand: for a target's scheme, or "socks", the proxy's host and port; and the hosts that need none.

    `only_these`: the hosts are those that need one, and no others do. `by_script`: nothing is, a script (PAC) tells.
    """

    servers: Mapping[str, tuple[str, int]]
    hosts: tuple[str, ...] = ()
    only_these: bool = False
    by_script: bool = False


_BY_SCRIPT = Manual({}, by_script=True)


def desktop_proxy(scheme: str, host: str, environ: Mapping[str, str] = os.environ) -> str:
    """The URL of the one for this target, without a login, or `PROXY_BY_SCRIPT`; "" where none is set.

    May take as long as `gsettings` does.
    """
    if sys.platform != "linux" or _is_near(host):
        return ""
    names = {name.upper() for name in environ.get("XDG_CURRENT_DESKTOP", "").split(":")}
    if "KDE" in names:
        found = of_kde(_kde_file(environ))
    elif names & _GNOME_LIKE:
        found = of_gnome(_asked(environ))
    else:
        return ""
    return _for_target(found, scheme, host) if found else ""


def _for_target(manual: Manual, scheme: str, host: str) -> str:
    if manual.by_script:
        return PROXY_BY_SCRIPT
    listed = _is_listed(host, manual.hosts)
    if listed != manual.only_these:
        return ""
    if scheme in manual.servers:
        kind, (server, port) = "http", manual.servers[scheme]
    elif "socks" in manual.servers:
        kind, (server, port) = "socks5", manual.servers["socks"]
    else:
        return ""
    return f"{kind}://[{server}]:{port}" if ":" in server else f"{kind}://{server}:{port}"


def _is_near(host: str) -> bool:
    """Whether it is of this machine or its network, which a proxy to the world would not lead to."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa", ".localhost"))


def _is_listed(host: str, patterns: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return is_bypassed(host, {"no": ",".join(one.removeprefix("*") for one in patterns)})
    return any(address in network for one in patterns if (network := _network(one)) is not None)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None


# -- KDE --------------------------------------------------------------------------------------------------------------


def _kde_file(environ: Mapping[str, str]) -> str:
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", ""), ".config")
    try:
        return Path(folder, "kioslaverc").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def of_kde(text: str) -> Manual | None:
    """What the text of a `kioslaverc` sets by hand; None where that is not what is chosen."""
    file = ConfigParser(interpolation=None, strict=False, allow_no_value=True, comment_prefixes=("#",), delimiters=("=",))
    try:
        file.read_string(f"[-]\n{text}")  # what stands before the first section is of none
        section = dict(file["Proxy Settings"])
    except (Error, KeyError):
        return None
    if section.get("proxytype") in ("2", "3"):  # a script that is named, or found in the network (WPAD)
        return _BY_SCRIPT
    if section.get("proxytype") != "1":
        return None
    servers = {}
    for name, key in (("https", "httpsproxy"), ("http", "httpproxy"), ("socks", "socksproxy")):
        found = _OF_KDE.fullmatch((section.get(key) or "").strip())
        if found and 0 < int(found[2]) < 1 << 16:
            servers[name] = (found[1].strip("[]"), int(found[2]))
    hosts = tuple(one.strip() for one in (section.get("noproxyfor") or "").split(",") if one.strip())
    return Manual(servers, hosts, only_these=section.get("reversedexception") == "true")


# -- GNOME, and those that keep to it ---------------------------------------------------------------------------------


def _asked(environ: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            _ASK, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWERS_IN_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")


def of_gnome(text: str) -> Manual | None:
    """What `gsettings list-recursively` tells to be set by hand; None where that is not what is chosen."""
    values: dict[str, object] = {}
    for line in text.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        values[f"{schema.removeprefix('org.gnome.system.proxy').lstrip('.')}.{key}".lstrip(".")] = _value(value)
    if values.get("mode") == "auto":
        return _BY_SCRIPT
    if values.get("mode") != "manual":
        return None
    servers = {}
    for name in ("https", "http", "socks"):
        server, port = values.get(f"{name}.host"), values.get(f"{name}.port")
        if isinstance(server, str) and server.strip() and isinstance(port, int) and 0 < port < 1 << 16:
            servers[name] = (server.strip().strip("[]"), port)
    hosts = values.get("ignore-hosts")
    return Manual(servers, tuple(str(one).strip() for one in hosts) if isinstance(hosts, list) else ())


def _value(text: str) -> object:
    """A value as GVariant prints it: of those that are here, Python reads the same, but for `true` and an empty list's type."""
    try:
        return ast.literal_eval(text.removeprefix("@as "))
    except (ValueError, SyntaxError):
        return text

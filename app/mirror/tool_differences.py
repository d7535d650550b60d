"""The tools on offer: which arrived, and as what."""

from __future__ import annotations

from collections.abc import Iterator

from app.mirror.request import Asked, Tool, What
from app.mirror.row import Difference, Kind, about
from app.mirror.translations import changed_member, server_kind
from app.text.sentences import message

_MEMBER = message("{member} of tool “{tool}”")


def compare_tools(sent: Asked, arrived: Asked) -> Iterator[Difference]:
    """Tools by their names; a vendor's own tool by what it is."""
    left = list(arrived.tools)
    for tool in sent.tools:
        found = next((one for one in left if _same(tool, one)), None)
        if found is None:
            yield _row(tool, None, Kind.DROPPED, "tool_dropped", sent, arrived, loud=True)
            continue
        left.remove(found)
        yield from _tool(tool, found, sent, arrived)
    for tool in left:
        yield _row(None, tool, Kind.INVENTED, "tool_invented", sent, arrived, loud=True)


def _same(tool: Tool, other: Tool) -> bool:
    if tool.server and other.server:
        return server_kind(tool.server) == server_kind(other.server)
    return tool.name == other.name


def _was_run(tool: Tool, sent: Asked, arrived: Asked) -> bool:
    """A call of it arrived with a result, and none was sent: the relay asked again, with what it had found itself."""
    answered = {one.key for one in arrived.parts if one.what is What.RESULT} - {one.key for one in sent.parts}
    calls = (one for one in arrived.parts if one.what is What.CALL and one.key in answered)
    return any(isinstance(one.value, dict) and one.value.get("name") == tool.name for one in calls)


def _tool(tool: Tool, found: Tool, sent: Asked, arrived: Asked) -> Iterator[Difference]:
    if tool.server and not found.server:
        reason = "server_tool_run_by_relay" if _was_run(found, sent, arrived) else "server_tool_as_function"
        yield _row(tool, found, Kind.CHANGED, reason, sent, arrived, loud=True)
        return
    changed = False
    for member, one, other in (("description", tool.description, found.description), ("schema", tool.schema, found.schema)):
        if one != other and not tool.server:
            changed = True
            yield Difference(
                path=f"{tool.path}.{member}",
                what=f"tool {member}",
                named=message("tool {member:select description=description|schema=schema}"),
                kind=Kind.CHANGED,
                reason="tool_changed",
                arrived_path=f"{found.path}.{member}",
                sent=one,
                arrived=other,
                loud=True,
                fields={"member": member},
            )
    if not changed:
        same = sent.protocol == arrived.protocol
        yield _row(tool, found, Kind.KEPT if same else Kind.RENAMED, "same" if same else "same_elsewhere", sent, arrived)
    if not tool.server:
        yield from compare_members(tool, found, sent, arrived, tool.name)


def compare_members(one: Tool, found: Tool, sent: Asked, arrived: Asked, tool: str) -> Iterator[Difference]:
    """The members of a tool besides its name, words and schema."""
    names = about(sent.protocol, arrived.protocol) | {"tool": tool}
    for member, value in one.more.items():
        there = found.more.get(member)
        if there == value or (value is False and there is None):
            continue
        kind, reason, loud = changed_member(sent.protocol, arrived.protocol, member, there)
        yield Difference(
            path=f"{one.path}.{member}",
            what=f"{member} of tool “{tool}”",
            named=_MEMBER,
            kind=kind,
            reason=reason,
            arrived_path=f"{found.path}.{member}" if there is not None else "",
            sent=value,
            arrived=there,
            loud=loud,
            fields=names | {"member": member},
        )
    for member, value in found.more.items():
        if member not in one.more and value is not False:
            yield Difference(
                path=f"{found.path}.{member}",
                what=f"{member} of tool “{tool}”",
                named=_MEMBER,
                kind=Kind.INVENTED,
                reason="invented",
                arrived_path=f"{found.path}.{member}",
                arrived=value,
                loud=sent.protocol == arrived.protocol,
                fields=names | {"member": member},
            )


def _row(
    tool: Tool | None, found: Tool | None, kind: Kind, reason: str, sent: Asked, arrived: Asked, *, loud: bool = False
) -> Difference:
    here = tool or found
    assert here is not None
    return Difference(
        path=here.path,
        what=f"tool “{here.name}”",
        named=message("tool “{tool}”"),
        kind=kind,
        reason=reason,
        arrived_path=found.path if found is not None else "",
        sent=_told(tool),
        arrived=_told(found),
        loud=loud,
        fields=about(sent.protocol, arrived.protocol) | {"tool": here.name},
    )


def _told(tool: Tool | None) -> object:
    return None if tool is None else {"type": tool.server or "function", "name": tool.name}

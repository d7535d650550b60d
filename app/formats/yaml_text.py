"""Reads YAML that other programs wrote, as plain values. Nothing in it makes an object, and no reference is made larger."""

from __future__ import annotations

from typing import Any

from app.text.sentences import tr

MAX_BYTES = 1 << 26


def decode_yaml(data: bytes) -> Any:
    """The first document. Raises ValueError, whose text says where, for what is no YAML, too long, or nests too deeply."""
    import yaml  # only where such a file is opened

    if len(data) > MAX_BYTES:
        raise ValueError(tr("it is longer than {most} bytes", most=MAX_BYTES))
    plain: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(plain):  # type: ignore[misc]  # libyaml's where it is built in
        def flatten_mapping(self, node: object) -> None:
            """Merge keys (`<<`) are left as they are: each copies all of what it names, and they can stand in a row."""

    Loader.add_constructor("tag:yaml.org,2002:merge", lambda loader, node: loader.construct_scalar(node))
    Loader.add_constructor("!binary", lambda loader, node: loader.construct_yaml_binary(node))  # as Ruby's Psych writes it
    try:
        return yaml.load(data, Loader)  # the safe loader, as above
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        said = str(error).partition("\n")[0]
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise ValueError(tr("{said}{line:if  (line {line})}", said=said, line=line)) from error

"""`python -m tests.checks.nasty`: all checks over sockets, nasty endpoints, tiny limits of time; no part of the suite.

    python -m tests.checks.nasty                                  # each fault in each protocol
    python -m tests.checks.nasty --protocol openai-chat rst html_200

Each fault is B's alone, and again on both sides. Prints what a check raised, asking on or judging, and how long each took.
"""

from __future__ import annotations

import argparse
import sys
import time

import msgspec

from app.checks.check import Group
from app.checks.registry import checks_for
from app.protocols.registry import protocol_ids
from app.recording.records import SideName
from app.store.profiles import Profile, ProfileLimits
from tests.checks.play import Stage
from tests.kept import Kept

FAULTS = (
    "rst", "rst_at_once", "close_at_once", "silent", "silent_after_headers", "stall_after_n=3", "half_head",
    "cut_chunk", "content_length_long", "not_http", "informational_1xx", "gzip_bomb", "deep_nesting", "long_line",
    "endless_body", "one_byte_segments", "bare_error", "invalid_utf8", "page_in_stream", "log_lines", "no_done",
    "cut_after_n=4", "empty_output", "mid_error", "cut_utf8", "role_missing", "choice_null", "no_response_id",
    "unknown_event", "no_tool_name", "empty_args", "list_args", "double_encode", "args_garbage", "null_id",
    "usage_none", "usage_null", "wrapped", "other_json", "json_as_stream", "panel_html", "encoding_unknown", "gzip_cut",
    "header_flood", "html_200", "error_200", "no_content_204", "redirect_302", "aws_bytes", "error_400_empty",
    "error_422_fastapi", "error_529", "error_500_text",
)  # fmt: skip
_LIMITS = ProfileLimits(connect_s=1, first_byte_s=0.5, silence_s=0.5, total_s=2)


class Hurried(Stage):
    """A stage whose endpoints have little time."""

    @staticmethod
    def _profile(root: str, side: SideName, protocol: str, faults: str) -> Profile:
        return msgspec.structs.replace(Stage._profile(root, side, protocol, faults), limits=_LIMITS)


def main() -> int:
    """Play them all; the number of faults found decides the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.checks.nasty", description=__doc__)
    parser.add_argument("faults", nargs="*", default=FAULTS)
    parser.add_argument("--protocol", action="append", default=[])
    options = parser.parse_args()
    kept, raised = Kept(), 0
    try:
        stage = Hurried(kept.wire(), kept.simulator())
        for protocol in options.protocol or protocol_ids():
            checks = [one.id for one in checks_for([protocol]) if one.group is not Group.CLIENT]
            for fault in options.faults:
                for a in ("", fault):
                    raised += _play(stage, protocol, fault, a, checks)
    finally:
        kept.end()
    return 1 if raised else 0


def _play(stage: Stage, protocol: str, fault: str, a: str, checks: list[str]) -> int:
    begin, where = time.monotonic(), f"{protocol}: {fault} on {'both' if a else 'B'}"
    try:
        found = stage.play(protocol, fault, a, checks)
    except Exception as error:
        sys.stdout.write(f"{where}: raised {error!r}\n")
        return 1
    bad = [f"{name}: {one.b.words('B')}" for name, one in found.items() if one.b.reason in ("own_fault", "fault")]
    sys.stdout.write(f"{where}: {time.monotonic() - begin:.1f} s\n{''.join(f'    {line}{chr(10)}' for line in bad)}")
    sys.stdout.flush()
    return len(bad)


if __name__ == "__main__":
    sys.exit(main())

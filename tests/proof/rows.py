"""One row a deviation: the simulator's knob that produces it, and what must be found, where, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.protocols.findings import Severity
from app.store.profiles import ProfileLimits
from tests.proof.asking import HASTY, PATIENT, C, M, R

BREAKS, LOSES, NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE
LAST = -1  # the last event that was dispatched
LATER = -3  # the event that would come next
MIDDLE = -2  # the first event of the second half


@dataclass(frozen=True)
class Nth:
    """The nth event (from 1) whose block matches; `step` events behind it."""

    pattern: bytes
    number: int = 1
    step: int = 0


Where = int | None | bytes | Nth
"""The event a finding names: its number, none, LAST, MIDDLE, or the event whose block matches a pattern. A block that
dispatches no event counts for the next one."""


@dataclass(frozen=True)
class Row:
    """What is asked of the simulator and what must be found.

    Attributes:
        id: the catalogue's id that the row proves.
        knobs: faults joined by `+`.
        finding: the finding's id, where it is not `id`; "" where no finding says it but the diagnosis: `rule`.
        severity: None where there is no finding.
        event: see `Where`.
        also: ids of further findings above a note that the same bytes deserve, once each.
    """

    id: str
    protocol: str
    knobs: str
    severity: Severity | None
    event: Where = None
    also: str = ""
    kind: str = "text"
    stream: bool = True
    finding: str | None = None
    rule: str = ""
    limits: ProfileLimits = PATIENT
    path: str = ""
    beta: str = ""

    @property
    def name(self) -> str:
        short = {M: "M", C: "C", R: "R"}[self.protocol]
        return f"{self.id}-{short}-{self.knobs}-{self.kind}{'' if self.stream else '-whole'}"

    @property
    def found(self) -> str:
        """The finding's id, "" for none."""
        return self.id if self.finding is None else self.finding


def locate(where: Where, body: bytes) -> int | None:
    """The number of the event that `where` means in a decoded body, by the simplest reading of its blocks."""
    if where is None or (isinstance(where, int) and where not in (LAST, MIDDLE, LATER)):
        return where
    blocks = re.sub(rb"\r\n|\r", b"\n", body).removeprefix(b"\xef\xbb\xbf").split(b"\n\n")
    whole, torn = blocks[:-1], blocks[-1:]
    dispatched = [re.search(rb"^data(:|$)", block, re.MULTILINE) is not None for block in whole]
    if isinstance(where, int):
        return {LAST: sum(dispatched), LATER: sum(dispatched) + 1, MIDDLE: sum(dispatched) // 2 + 1}[where]
    nth = Nth(where) if isinstance(where, bytes) else where
    assert isinstance(nth, Nth)
    matching = [at for at, block in enumerate([*whole, *torn]) if re.search(nth.pattern, block, re.MULTILINE)]
    return sum(dispatched[: matching[nth.number - 1]]) + 1 + nth.step


def _each(deviation: str, protocols: str, knobs: str, severity: Severity | None, event: Where = None, **more: str) -> list[Row]:
    """The same row in several protocols, named by their first letters."""
    named = {"M": M, "C": C, "R": R}
    return [Row(deviation, named[letter], knobs, severity, event, **more) for letter in protocols]  # type: ignore[arg-type]


REASON = rb"^event: message_delta"
THOUGHT_END = Nth(rb"^event: content_block_stop", 1)
CALL_END = Nth(rb"^event: content_block_stop", 2)  # of the first call: the text stands before it
ORDER = [
    Row("A1", M, "content_first", BREAKS, 2, also="A3 A23"),
    Row("A2", M, "dup_start", BREAKS, 2),
    Row("A2", M, "dup_start", BREAKS, 2, kind="tools"),
    Row("A3", M, "no_block_start", BREAKS, rb"content_block_delta"),
    Row("A3", M, "no_block_start", BREAKS, rb"content_block_delta", kind="tools"),
    Row("A4", M, "index_base", BREAKS, rb"content_block_start"),
    Row("A4", M, "index_gap", BREAKS, Nth(rb"content_block_start", 2), kind="tools"),
    Row("A4", M, "block_index_zero", BREAKS, Nth(rb"content_block_start", 2), kind="tools"),
    Row("A16", M, "no_start", BREAKS, 1),
    Row("A20", M, "after_end", LOSES, LAST),
    Row("A20", M, "dup_end", LOSES, LAST),
    Row("A23", M, "no_block_stop", LOSES, rb"content_block_start"),
    Row("A24", M, "interleave", NOTE, Nth(rb"content_block_delta", 1)),
    Row("C16", C, "dup_start", LOSES, 2),
    Row("C27", C, "no_start", NOTE, rb'"finish_reason":"stop"'),
    Row("C27c", C, "content_first", NOTE, 2),
    Row("C24", C, "after_end", LOSES, LAST),
    Row("C24a", C, "dup_end", NOTE, LAST),
    Row("C39", C, "index_base", BREAKS),
    Row("R3", R, "no_block_start", BREAKS, rb"output_text.delta", "R3a"),
    Row("R3a", R, "no_block_start", BREAKS, rb"output_text.delta", "R3"),
    Row("R3", R, "no_block_start", BREAKS, rb"function_call_arguments.delta", kind="tools"),
    Row("R3g", R, "no_block_stop+empty_output", BREAKS, LAST, also="R2a"),
    Row("R3h", R, "no_item_id", LOSES, rb"content_part.added"),
    Row("R9", R, "no_response_id_at_end", BREAKS, LAST),
    Row("R9a", R, "new_item_id_when_done", BREAKS, rb"output_item.done"),
    Row("R9c", R, "no_response_id", LOSES, 1),
    Row("R17", R, "no_item_type", BREAKS, rb"output_item.added"),
    Row("R17", R, "no_arguments_at_start", BREAKS, rb"arguments.delta", kind="tools"),
    Row("R20", R, "items_in_start", BREAKS, rb"output_item.added"),
    Row("R20e", R, "index_of_nothing", BREAKS, rb"content_part.added"),
    Row("R30", R, "unknown_event", NOTE, rb"x_future"),
    Row("R3b", R, "wrong_item_id", LOSES, rb"content_part.added"),
    Row("R3c", R, "no_sequence", NOTE),
    Row("R3f", R, "no_block_stop", LOSES),
    Row("R7", R, "no_start", BREAKS, 1),
    Row("R7", R, "content_first", BREAKS, 1, also="R3 R3a R20 R20a"),
    Row("R7a", R, "dup_start", NOTE, 2),
    Row("R8", R, "after_end", LOSES, LAST),
    Row("R8b", R, "dup_end", NOTE, LAST),
    Row("R13c", R, "sequence_gap", NOTE, MIDDLE),
    Row("R20", R, "block_index_zero", BREAKS, Nth(rb"output_item.added", 2)),
    Row("R20d", R, "index_base", NOTE, rb"output_item.added"),
    Row("R20d", R, "index_gap", NOTE, Nth(rb"output_item.added", 2), kind="tools"),
    Row("R21", R, "item_added_full", LOSES, rb"output_text.delta"),
]
TERMINATE = [
    Row("A5", M, "no_stop", BREAKS, LAST),
    Row("A5", M, "cut_after_n", BREAKS, 5),
    Row("A5", M, "rst", BREAKS, LAST),
    Row("A5", M, "no_stop", BREAKS, LAST, kind="thinking"),
    Row("A6", M, "no_blank_line", BREAKS, LAST, also="A5"),
    Row("A6", M, "half_frame", BREAKS, LAST, also="A5"),
    Row("A6", M, "cut_utf8", BREAKS, LAST, also="A5"),
    Row("A6", C, "half_frame", BREAKS, LAST),
    Row("A6", C, "cut_utf8", BREAKS, LAST, also="C8a"),
    Row("A6", R, "no_blank_line", BREAKS, LAST, also="R2"),
    Row("A6", M, "content_length_short", BREAKS, LAST, also="A5"),
    Row("A6", M, "cut_chunk", BREAKS, LAST, also="A5"),
    Row("A11", M, "stray_done", NOTE, LAST),
    Row("A11", M, "done_event", BREAKS, LAST, finding="A27"),
    Row("A21", M, "no_finish", LOSES),
    Row("A21", M, "clean_end_after_cut", LOSES, also="A23"),
    Row("A21", M, "null_stop_reason", LOSES, REASON),
    Row("A21", M, "null_stop_reason", LOSES, stream=False),
    Row("C1", C, "no_done", NOTE, LAST),
    Row("C8a", C, "no_finish", BREAKS, LAST),
    Row("C8a", C, "clean_end_after_cut", BREAKS, LAST, also="C3"),
    Row("C8a", C, "cut_after_n", BREAKS, 5),
    Row("C8a", C, "null_stop_reason", BREAKS, LAST),
    Row("C8c", C, "null_stop_reason", LOSES, stream=False),
    Row("C25", C, "mid_error", BREAKS, LAST),
    Row("R2", R, "no_stop", BREAKS, LAST),
    Row("R2", R, "cut_after_n", BREAKS, 5),
    Row("R2a", R, "empty_output", LOSES, LAST),
    Row("R3f", R, "clean_end_after_cut", LOSES),
    Row("R5", R, "mid_error_nested", NOTE, LAST, also="R25"),
    Row("R25", R, "mid_error", BREAKS, LAST),
    Row("R25", R, "mid_error_no_name", BREAKS, LAST),
    Row("R25", R, "failed", BREAKS, LAST),
    Row("R26", R, "stray_done", NOTE, LAST),
    Row("R26", R, "done_event", NOTE, LAST),
    *_each("A7", "MR", "no_zero_chunk", BREAKS),
    Row("A7a", C, "no_zero_chunk", NOTE),
    Row("A7", M, "content_length_long", BREAKS),
    *_each("F5a", "MR", "stall_after_n=9999", BREAKS),
    Row("F5", C, "stall_after_n=9999", NOTE),
    *_each("C12", "MCR", "error_as_text", LOSES),
]
BLOCKS = [
    Row("A4a", M, "block_index_zero", LOSES, Nth(rb"content_block_start", 2), kind="thinking"),
    Row("A9a", M, "some_names_missing", LOSES, rb"content_block_delta"),
    Row("A9b", M, "unnamed_ping", NOTE, 2),
    Row("A10b", M, "bare_error", BREAKS, Nth(rb"^event: error", step=0)),
    Row("A18a", M, "delta_named_error", BREAKS, rb"^event: error"),
    Row("A18b", M, "block_named_ping", BREAKS, rb"content_block_start"),
    Row("A20a", M, "early_end", BREAKS, rb"content_block_delta", "A20 A21"),
    Row("A25a", M, "unknown_block", NOTE, rb"content_block_delta"),
    Row("A27a", M, "torn_unnamed", LOSES, rb"content_block_delta"),
    Row("A21a", M, "reason_taken_back", LOSES, Nth(REASON, 2)),
    Row("A34a", M, "unknown_reason", NOTE, REASON),
    Row("A37", M, "content_in_start", LOSES, 1, also="A22"),
    Row("A38", M, "text_in_block_start", LOSES, rb"content_block_start"),
    Row("A39", M, "usage_wrong_total", NOTE, REASON),
    Row("A40", M, "no_tool_name", BREAKS, CALL_END, kind="tools"),
    Row("A40", M, "no_tool_name", BREAKS, kind="tools", stream=False),
    Row("A41", M, "made_up_delta", LOSES, rb"content_block_delta"),
    Row("A41", M, "made_up_block", LOSES, rb"content_block_start"),
    Row("A42", M, "wrapped", BREAKS, 1),
    Row("A42", M, "wrapped", BREAKS, stream=False),
    Row("A43", M, "other_json", BREAKS, also="C13"),
    Row("A43", M, "other_json", BREAKS, stream=False),
    Row("C44", M, "cumulative_text", LOSES, Nth(rb"content_block_delta", 2)),
    Row("A46", M, "empty_text_block", NOTE, THOUGHT_END),
    Row("A46", M, "empty_text_block", NOTE, stream=False),
]
BEHIND_ID = Nth(rb"^id: 7$", step=-1)  # told at the event before
FRAMING = [
    Row("A8", M, "keepalive_inside", BREAKS, rb"^: keep-alive", "A27"),
    Row("A8", C, "keepalive_inside", BREAKS, rb"^: keep-alive", "C26"),
    Row("A8", R, "keepalive_inside", BREAKS, rb"^: keep-alive", "R16"),
    Row("A9", M, "no_event_names", BREAKS, 1),
    Row("A9", M, "mid_error_no_name", BREAKS, LAST),
    Row("A10", M, "empty_event", NOTE, rb"^data:$"),
    Row("A10", M, "event_without_data", NOTE, rb"\Aevent: ping\Z"),
    *_each("A10a", "CR", "empty_event", BREAKS, rb"^data:$"),
    *_each("A10a", "CR", "event_without_data", BREAKS, rb"\Aevent: ping\Z"),
    *_each("A10a", "CR", "retry_lines", BREAKS, 1),
    Row("C9a", M, "data_keepalive", NOTE, rb"^data: : keepalive"),
    *_each("C9", "CR", "data_keepalive", BREAKS, rb"^data: : keepalive"),
    *_each("C10", "CR", "comment_after_id", BREAKS, BEHIND_ID, also="A10a"),
    Row("C10a", M, "comment_after_id", NOTE, BEHIND_ID),
    Row("C11", M, "unframed_error", BREAKS, rb'^\{"error"', "A5"),
    Row("C11", C, "unframed_error", BREAKS, rb'^\{"error"', "C8a"),
    Row("C11", R, "unframed_error", BREAKS, rb'^\{"error"', "R2"),
    Row("C11", M, "page_in_stream", BREAKS, LATER, "A5"),
    Row("C11", C, "page_in_stream", BREAKS, LATER, "C8a"),
    Row("C11", R, "page_in_stream", BREAKS, LATER, "R2"),
    Row("C11", M, "head_in_stream", BREAKS, LATER, "A5"),
    Row("C11", C, "head_in_stream", BREAKS, LATER, "C8a"),
    Row("C11", R, "head_in_stream", BREAKS, LATER, "R2"),
    *_each("C11", "MCR", "error_as_field", BREAKS, 1),
    *_each("C11b", "MCR", "log_lines", NOTE, MIDDLE),
    *_each("C14", "MCR", "crlf", NOTE),
    *_each("C14", "MCR", "cr", NOTE),
    *_each("C15", "MCR", "nospace", NOTE, 1),
    Row("F1", M, "bom", BREAKS, 1),
    *_each("F1b", "CR", "bom", NOTE, 1),
    Row("F1", M, "two_bom", BREAKS, 1, also="A9"),
    *_each("F1b", "CR", "two_bom", NOTE, 1),
    Row("F2", M, "invalid_utf8", BREAKS, rb"\xff"),
    Row("F2", C, "invalid_utf8", BREAKS, rb"\xff"),
    Row("F2", R, "invalid_utf8", BREAKS, rb"\xff", "R10"),
    *_each("F3", "MCR", "comments_every_ms=1", NOTE, 1),
    Row("R1", R, "no_event_names", NOTE, 1),
]
TOOLS = [
    Row("A14", M, "wrong_stop_reason", BREAKS, REASON, kind="tools"),
    Row("A14", M, "wrong_stop_reason", BREAKS, kind="tools", stream=False),
    Row("A15", M, "args_in_start", NOTE, CALL_END, kind="tools"),
    Row("A15", M, "whole_args", NOTE, CALL_END, kind="tools"),
    Row("A26", M, "double_encode", BREAKS, CALL_END, kind="tools"),
    Row("A26", M, "double_encode", BREAKS, kind="tools", stream=False),
    Row("A26", M, "doubled_args", BREAKS, CALL_END, kind="tools"),
    Row("A26", M, "invalid_json", BREAKS, CALL_END, kind="tools"),
    Row("A26", M, "args_garbage", BREAKS, CALL_END, kind="tools"),
    Row("A30", M, "dup_id", BREAKS, Nth(rb"content_block_start", 3), kind="tools"),
    Row("C4", C, "index_zero", BREAKS, Nth(rb'"type":"function"', 2), kind="tools"),
    Row("C4a", C, "no_index", BREAKS, rb'"type":"function"', kind="tools"),
    Row("C5", C, "repeat_id", BREAKS, Nth(rb'"type":"function"', 2), kind="tools"),
    Row("C5a", C, "null_id", LOSES, rb'"finish_reason":"', kind="tools"),
    Row("C5b", C, "dup_id", LOSES, rb'"finish_reason":"', kind="tools"),
    Row("C5b", C, "dup_id", LOSES, kind="tools", stream=False),
    Row("C6", C, "double_encode", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C6", C, "double_encode", BREAKS, kind="tools", stream=False),
    Row("C6a", C, "object_args", BREAKS, rb'"arguments":\{', kind="tools"),
    Row("C6a", C, "object_args", BREAKS, kind="tools", stream=False),
    Row("C7", C, "doubled_args", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C8", C, "wrong_stop_reason", BREAKS, kind="tools"),
    Row("C22", C, "invalid_json", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C22", C, "args_garbage", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("R18a", R, "dup_id", BREAKS, kind="tools"),
    Row("R19", R, "invalid_json", BREAKS, kind="tools"),
    Row("R19", R, "doubled_args", BREAKS, kind="tools"),
    Row("R19", R, "args_garbage", BREAKS, kind="tools", stream=False),
    Row("R19a", R, "double_encode", BREAKS, kind="tools"),
    Row("R19b", R, "object_args", BREAKS, rb'"(delta|arguments)":\{"city', kind="tools"),
]
CHAT_CHUNKS = [
    Row("C2a", C, "choice_null", BREAKS, 2),
    Row("C2b", C, "choice_no_index", BREAKS, 1),
    Row("C17a", C, "object_wrong", BREAKS, 1),
    Row("C19a", C, "id_empty", LOSES),
    Row("C19a", C, "id_empty", LOSES, stream=False),
    Row("C27a", C, "role_of_gemini", BREAKS, 1),
    Row("C27b", C, "role_missing", LOSES, stream=False),
    Row("C49", C, "created_ms", NOTE, 1),
    Row("C35a", C, "message_beside_delta", LOSES, rb'"content":"[^"]+"\},"logprobs"'),
    Row("C47", C, "lists_in_chunks", BREAKS, Nth(rb'"annotations"', 2)),
    Row("C4b", C, "index_from_one", BREAKS, Nth(rb'"tool_calls"', 1), kind="tools"),
    Row("C5c", C, "name_in_pieces", BREAKS, Nth(rb'"tool_calls"', 2), kind="tools"),
    Row("C42", C, "no_type", BREAKS, Nth(rb'"tool_calls"', 1), kind="tools"),
    Row("C42a", C, "type_emptied", BREAKS, Nth(rb'"tool_calls"', 2), kind="tools"),
    Row("C42b", C, "hollow_fragment", BREAKS, Nth(rb'"tool_calls":\[\{"index":1\}\]', 1), kind="tools"),
    Row("C6b", C, "empty_args", LOSES, rb'"finish_reason":"', kind="tools"),
    Row("C6b", C, "empty_args", LOSES, kind="tools", stream=False),
    Row("C22a", C, "list_args", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C22a", C, "list_args", BREAKS, kind="tools", stream=False),
    Row("C7a", C, "cumulative_args", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C7b", C, "args_behind_empty", BREAKS, rb'"finish_reason":"', kind="tools"),
    Row("C32a", C, "old_function_call", LOSES, kind="tools", stream=False),
    Row("C3e", C, "usage_messages_names", LOSES, rb'"usage":\{'),
    Row("C3f", C, "usage_shrinks", LOSES, rb'"choices":\[\]'),
    Row("C43", C, "text_as_reasoning", LOSES, rb'"finish_reason":"'),
    Row("C44", C, "cumulative_chunks", LOSES, Nth(rb'"delta":\{"content"', 2)),
    Row("C45", C, "doubled_chunks", LOSES, Nth(rb'"delta":\{"content"', 2)),
    Row("C46", C, "text_repeated", LOSES, rb'"finish_reason":"stop"'),
    Row("C48", C, "half_character", LOSES, rb"ud83d"),
    Row("G5", C, "call_as_text", LOSES, kind="tools"),
    Row("G5", C, "call_as_text", LOSES, kind="tools", stream=False),
    *_each("G6", "MCR", "stop_token", LOSES),
    *_each("G7", "MCR", "mojibake", LOSES),
    *_each("G8", "MCR", "limit_unsaid", NOTE),
    Row("A6a", C, "done_unfinished", NOTE, LAST),
    Row("C11a", C, "bare_done", NOTE, rb"\A\[DONE\]\Z"),
    *_each("C11a", "MCR", "blanks_between", NOTE, 2),
    *_each("F4a", "MCR", "encoding_unknown", NOTE),
]
REPEATS = [
    Row("A4b", M, "block_begun_again", BREAKS, Nth(rb"content_block_start", 2)),
    Row("A4c", M, "index_per_delta", BREAKS, Nth(rb"content_block_delta", 2)),
    Row("R3j", R, "index_per_delta", BREAKS, Nth(rb"output_text.delta", 2)),
    Row("C4c", C, "index_per_delta", BREAKS, Nth(rb'"tool_calls"', 2), kind="tools"),
    Row("C30a", C, "call_in_other_choice", LOSES, rb'"finish_reason":"', kind="tools", also="C8d"),
    Row("C8d", C, "other_choice_unfinished", LOSES, LAST),
    *_each("G9", "MCR", "lost_characters", LOSES, rb"\xef\xbf\xbd"),
    *[Row("G9", one, "lost_characters", LOSES, stream=False) for one in (M, C, R)],
    *_each("G10", "MCR", "call_beside_text", LOSES, kind="tools"),
    Row("G11", M, "part_twice", LOSES, Nth(rb"content_block_start", 2)),
    Row("G11", R, "part_twice", LOSES, Nth(rb"output_item.added", 3)),
    *[Row("G11", one, "part_twice", LOSES, stream=False) for one in (M, R)],
    *_each("G12", "MCR", "call_repeated", NOTE, kind="tools"),
    *_each("G13", "CR", "call_as_custom", BREAKS, kind="tools"),
    Row("G14", M, "reasoning_in_text", LOSES, kind="thinking"),
    Row("G14", C, "reasoning_in_text", LOSES, stream=False),
]
USAGE = [
    Row("U1b", M, "usage_zero_start", NOTE, 1),
    Row("U1", M, "usage_zero", LOSES, 1, also="A31"),
    Row("U1", C, "usage_zero", LOSES, rb'"usage":\{', also="U1a"),
    Row("U1", R, "usage_zero", LOSES, LAST, also="U1a"),
    Row("U1a", C, "usage_zero", LOSES, also="U1", stream=False),
    Row("U1a", R, "usage_zero", LOSES, also="U1", stream=False),
    Row("U2", C, "usage_cache_in_input", LOSES, rb'"usage":\{'),
    Row("U2", R, "usage_cache_in_input", LOSES, LAST),
    Row("U2a", C, "usage_zero", NOTE, rb'"usage":\{', also="U1 U1a"),
    Row("U2a", R, "usage_zero", NOTE, LAST, also="U1 U1a"),
    Row("U2a", C, "reasoning_outside", NOTE, rb'"usage":\{'),
    Row("U2a", R, "reasoning_outside", NOTE, LAST),
    Row("U4", M, "cache_counted_twice", LOSES, REASON),
    Row("U4", M, "cache_counted_twice", LOSES, stream=False),
    Row("U4a", M, "cache_only_at_end", NOTE, REASON),
    Row("U5", M, "cache_foreign_name", LOSES, REASON),
    Row("U5", M, "cache_foreign_name", LOSES, stream=False),
    Row("U5a", C, "cache_foreign_name", NOTE, rb'"usage":\{'),
    Row("U3", M, "usage_not_cumulative", LOSES, Nth(REASON, 2)),
    Row("A22", M, "usage_null", LOSES, REASON, also="U1"),
    Row("A28", M, "usage_none", BREAKS, 1, also="A22"),
    Row("A29", M, "usage_none", LOSES, stream=False),
    Row("A31", M, "usage_zero", LOSES, also="U1", stream=False),
    Row("C2", C, "usage_no_choices_key", BREAKS, rb'"usage":\{'),
    Row("C3", C, "usage_none", LOSES),
    Row("C3", C, "usage_null", LOSES),
    Row("C3", C, "ignore_include_usage", LOSES),
    Row("C3a", C, "usage_then_chunk", LOSES, LAST),
    Row("C3b", C, "usage_every_chunk", NOTE, rb'"choices":\[\]'),
    Row("C3c", C, "usage_in_finish", NOTE, rb'"usage":\{'),
    Row("C3d", C, "usage_none", LOSES, stream=False),
    Row("C36", C, "usage_wrong_total", NOTE, rb'"usage":\{'),
    Row("R2b", R, "usage_no_details", LOSES, LAST),
    Row("R27", R, "usage_none", LOSES, LAST),
    Row("R27", R, "usage_null", LOSES, LAST),
    Row("R27b", R, "usage_wrong_total", NOTE, LAST),
    Row("R27c", R, "usage_chat_names", LOSES, LAST),
]
THINKING = [
    Row("A12", M, "no_signature", LOSES, THOUGHT_END, kind="thinking"),
    Row("A12", M, "no_signature", LOSES, kind="thinking", stream=False),
    Row("A12", M, "signature_in_delta", LOSES, THOUGHT_END, kind="thinking"),
    Row("A17", M, "redacted_empty", LOSES, THOUGHT_END),
    Row("A35", M, "thinking_last", NOTE, Nth(rb"content_block_start", 2), kind="thinking"),
    *_each("G1", "MCR", "in_text_tags", LOSES),
]
HTTP = [
    *_each("C13", "MCR", "stream_as_json", BREAKS),
    *[Row("C13", one, "json_as_stream", BREAKS, stream=False) for one in (M, C, R)],
    *_each("H1", "MCR", "buffer_all+delay_each_ms=10", LOSES),
    *_each("H1", "MCR", "bursts=3", LOSES),
    *_each("H1a", "MCR", "one_write", NOTE),
    *[Row("H2", M, knob, NOTE) for knob in ("gzip", "deflate")],
    *_each("F13", "MCR", "header_flood", LOSES),
    *[Row("H2a", M, knob, BREAKS) for knob in ("br", "zstd")],
    *_each("H2", "CR", "gzip", NOTE),
    *[Row("H3", M, f"content_type_{kind}", NOTE) for kind in ("json", "text", "html", "none")],
    *_each("H3", "CR", "content_type_json", NOTE),
    Row("H4", M, "html_200", BREAKS),
    Row("H4", C, "html_200", BREAKS, also="C23"),
    Row("H4", R, "html_200", BREAKS, stream=False),
    *_each("H5", "MCR", "error_200", BREAKS),
    Row("H5", M, "error_200", BREAKS, stream=False),
    *[Row("H6", one, "lenient", None, finding="", path="/v1", rule="path-found") for one in (C, R)],
    Row("H6", M, "lenient", None, finding="", path="/v1", rule="path-found"),
    *_each("H7", "MCR", "redirect_307", NOTE),
    *[Row("H7", M, f"redirect_{code}", NOTE) for code in (301, 302, 303, 308)],
    Row("H8", M, "bearer_only", None, finding="", rule="key-wrong-or-upstream"),
    Row("H8", C, "xkey_only", None, finding="", rule="key-wrong-or-upstream"),
    Row("H10", M, "beta_rejected", None, finding="", rule="anthropic-beta", beta="context-1m-2025-08-07"),
    *_each("H11", "MCR", "model_rewrite", NOTE),
    Row("H11", M, "other_stack", NOTE),
    *_each("H11a", "MCR", "model_substitute", LOSES),
    *_each("H11a", "MCR", "model_any", LOSES),
    Row("A29", M, "model_missing", LOSES, 1),
    *_each("G4", "CR", "model_missing", LOSES),
    Row("H12", M, "error_413", None, finding="", rule="small-body-too-large"),
    Row("F4", M, "gzip_claimed", BREAKS),
    Row("F4", C, "gzip_claimed", BREAKS, also=""),
    Row("F4", R, "gzip_claimed", BREAKS, stream=False),
    Row("F4b", C, "gzip_cut", NOTE, stream=False, also="C26a"),
    Row("F4c", M, "gzip_members", BREAKS),
    Row("F4c", R, "gzip_members", BREAKS),
    Row("F4d", C, "gzip_old_name", BREAKS),
    Row("F4f", C, "gzip_trailed", NOTE, stream=False),
    *_each("F4e", "MCR", "gzip_identity", BREAKS),
    Row("C26a", C, "content_length_short", BREAKS, stream=False),
    Row("R29", R, "content_length_short", BREAKS, stream=False),
    Row("A27", M, "content_length_short", BREAKS, stream=False),
    *_each("F7a", "MCR", "gzip_as_text", BREAKS),
    *_each("F11", "MCR", "length_and_chunked", BREAKS),
    *[Row("F11", one, "length_and_chunked", BREAKS, stream=False) for one in (M, C, R)],
    *[Row("F11", one, knob, BREAKS) for one in (M, C, R) for knob in ("length_twice", "continue_unasked")],
    *_each("F12", "MCR", "aws_frames", BREAKS),
    *_each("G15", "MCR", "aws_bytes", BREAKS, 1),
    Row("F6", M, "error_stream_500", BREAKS),
    Row("F6", C, "error_stream_500", BREAKS, also="C25"),
    Row("F6", R, "error_stream_500", BREAKS, also="R25"),
    *[Row("F8", one, "echo_key", LOSES, stream=False) for one in (M, C, R)],
    *_each("F9", "MCR", "status=202", NOTE),
]
ROWS = [*ORDER, *BLOCKS, *TERMINATE, *FRAMING, *TOOLS, *CHAT_CHUNKS, *REPEATS, *USAGE, *THINKING, *HTTP]
# What must end by a limit of ours.
SILENT_KNOBS = ("stall_after_n", "silent")


def limits_of(row: Row) -> ProfileLimits:
    """The row's time limits: short where it falls silent on purpose."""
    return HASTY if row.knobs.startswith(SILENT_KNOBS) else row.limits

"""Why no test notices a mutant, by its name. One that is noticed, or that there is no more, must not stand here."""

from __future__ import annotations

_BOTH = ("8 times as large", "an eighth")


def _only(why: str, *limits: str) -> dict[str, str]:
    return {f"limit {one}: {way}": why for one in limits for way in _BOTH}


_PACE = "How much is done in one go: what comes out is the same, and `python -m tests.bench` measures how fast."


_LOOKS = "How much, how large or how soon it is shown: pictures of the window are looked at (`python -m tests.screenshots`)."


def _only_pace(*limits: str) -> dict[str, str]:
    return _only(_PACE, *limits)


def _only_looks(*limits: str) -> dict[str, str]:
    return _only(_LOOKS, *limits)


def _only_patience(*limits: str) -> dict[str, str]:
    return _only(
        "How long is waited for what nearly always comes at once: a test that waits it out would take as long.", *limits
    )


def _only_huge(*limits: str) -> dict[str, str]:
    return _only("Against what no endpoint or file has: a test that comes near needs as much memory, disk or time.", *limits)


REASONS: dict[str, str] = {
    **_only_pace(
        "app/asking/caller.py READ_S",
        "app/asking/history_entry.py _REST_S",
        "app/asking/history_entry.py _SLICE_S",
        "app/exchange/event_log.py _LONG_BYTES",
        "app/exchange/exchange.py SPLIT_SLICE_BYTES",
        "app/exchange/exchange.py _READ_SLICE_BYTES",
        "app/exchange/exchange.py _SPLIT_STEP_S",
        "app/protocols/chat/calls.py _LONG_CHARACTERS",
        "app/run/added.py MAX_SEARCHED",
        "app/run/diff/texts.py _MOST_STEPS",
        "app/run/finding_words.py MAPPED_CHARACTERS",
        "app/run/finding_words.py SLICE_BYTES",
        "app/run/finding_words.py SLICE_CHARACTERS",
        "app/secrets/masking.py _NEAR_BYTES",
        "app/store/history/bodies.py PIECE_BYTES",
        "app/store/history/schema.py PART_BYTES",
        "app/stream/decoding.py PIECE_BYTES",
        "app/stream/decoding.py _SLICE_BYTES",
        "app/stream/sse.py _MAX_NAMES",
        "app/stream/sse.py _MAX_TAIL_BYTES",
        "app/stream/sse.py _WORTH_BYTES",
        "app/stream/sse_search.py _MAX_REPEATED_BYTES",
        "app/stream/sse_search.py _SHORT_LINE_BYTES",
        "app/terminal/commands/read.py _PIECE_BYTES",
        "app/text/visible.py _SHORT_CHARACTERS",
        "app/transfer/capture_files.py _PIECE_BYTES",
        "app/wire/arrival.py _TOGETHER_NS",
        "app/wire/child.py _READ_BYTES",
        "app/wire/flight.py _TOGETHER_BYTES",
        "app/wire/pipes.py _BATCH_BYTES",
        "app/wire/pipes.py _GATHER_S",
        "app/wire/pipes.py _WRITE_BYTES",
        "app/wire/process.py _READ_BYTES",
        "app/wire/process.py _SWITCH_S",
        "app/wire/tls.py _READ_BYTES",
        "ui/compare/pane/finding.py BUDGET_S",
        "ui/compare/session.py BUDGET_S",
        "ui/compare/session.py SEEK_S",
        "ui/compare/session.py SPLIT_BYTES",
        "ui/history/exporting.py _LOOK_S",
        "ui/present/wrapped.py STEP_CHARACTERS",
        "ui/shared/watcher.py LOOK_S",
        "ui/shell/collector.py INTERVAL_MS",
        "ui/shell/collector.py LONG_NS",
        "ui/shell/event_loop.py SWITCH_S",
        "ui/shell/turning.py LOOK_MS",
        "ui/shell/warm_up.py BETWEEN_S",
        "ui/shell/warm_up.py DELAY_S",
        "ui/style/measured.py MOST_FONTS",
        "ui/widgets/text_finding.py MOST_MARKED",
    ),
    **_only_looks(
        "app/run/diff/as_text.py MAX_CELL",
        "app/run/diff/texts.py LEAST_OF_LITTLE",
        "app/run/finding_table_words.py MOST_SENTENCES",
        "app/text/pretty_json.py SHORT_BYTES",
        "ui/checks/evidence.py MOST_MEASURED",
        "ui/checks/foot.py MOST_HIGH",
        "ui/checks/request_list.py MOST_LINES",
        "ui/checks/requests.py SAID_CHARACTERS",
        "ui/checks/verdict_card.py LINK_CHARACTERS",
        "ui/compare/axis/bins.py _MOST_TIMES",
        "ui/compare/diff/rows_table.py LEAST_HEIGHT",
        "ui/compare/diff/rows_table.py MOST_SHOWN",
        "ui/compare/pane/events_table.py LEAST_CONTENT",
        "ui/compare/pane/events_table.py LEAST_DIGITS",
        "ui/compare/pane/events_view.py MAX_SIZE",
        "ui/compare/pane/verdict_line.py LEAST_LINK",
        "ui/compare/pane/views.py LEAST_HEIGHT",
        "ui/compare/request/editor.py LEAST_AREA",
        "ui/compare/request/preview.py PAUSE_MS",
        "ui/compare/session.py FILE_DRAW_MS",
        "ui/compare/session.py FILE_MS",
        "ui/compare/session.py FLUSH_MS",
        "ui/compare/spine/spine.py LEAST_FIGURES",
        "ui/compare/view.py LEAST_LINES",
        "ui/endpoints/form/form.py SUMMARY_CHARACTERS",
        "ui/endpoints/found_dialog.py MAX_HEIGHT",
        "ui/endpoints/verdict_panel.py MAX_SIZE",
        "ui/endpoints/view.py MAX_SIZE",
        "ui/present/card.py MOST_CHARACTERS",
        "ui/present/lines.py MOST_LINES",
        "ui/present/presentation.py LOOK_AGAIN_MS",
        "ui/shared/complain.py MOST_NAMED",
        "ui/shared/endpoint_row.py MOST_OF_ROOM",
        "ui/shared/picker.py MOST_HEIGHT",
        "ui/shared/progress.py SHOWN_AFTER_MS",
        "ui/shared/pulse.py FLUSH_MS",
        "ui/shared/pulse.py TICK_MS",
        "ui/shell/news.py STAYS_MS",
        "ui/shell/rail.py LEAST_WIDTH",
        "ui/study/besides.py MOST_LINKS",
        "ui/study/pictures/differences.py LEAST_HEIGHT",
        "ui/widgets/as_high_as_needed.py LEAST_LINES",
        "ui/widgets/countdown.py TICK_MS",
        "ui/widgets/fields.py SHOWN_CHARACTERS",
        "ui/widgets/notice.py SHOWN_CHARACTERS",
        "ui/widgets/sentence.py MAX_LINES",
        "ui/widgets/text_finding.py AGAIN_MS",
    ),
    **_only_huge(
        "app/asking/checking.py BODY_BYTES",
        "app/asking/client_run.py MOST_BYTES",
        "app/formats/har_times.py _LAST_NS",
        "app/store/history/place.py DEFAULT_LIMIT_BYTES",
        "app/store/journal.py DEFAULT_LIMIT_BYTES",
        "app/store/run_file.py MAX_RUN_BYTES",
        "app/terminal/commands/check.py MAX_BASELINE_BYTES",
        "app/terminal/commands/mirror.py MAX_BODY_BYTES",
        "app/terminal/commands/run.py MAX_BODY_BYTES",
        "app/terminal/commands/run.py MOST_TOKENS",
        "app/transfer/capture_files.py MAX_FILE_BYTES",
        "app/transfer/capture_files.py MAX_UNPACKED_BYTES",
        "app/wire/tape.py MAX_CHUNKS",
        "app/wire/tape.py MAX_FRAMES",
        "ui/shell/settings.py MAX_MIB",
        "ui/shell/settings.py MAX_RUNS",
    ),
    **_only_patience(
        "app/asking/client_run.py LONGEST_S",
        "app/asking/client_run.py STARTING_S",
        "app/asking/mirroring.py _SETTLE_S",
        "app/store/history/database.py WAIT_MS",
        "app/store/history/newest.py WAIT_S",
        "app/store/locks.py BETWEEN_S",
        "app/store/locks.py WAIT_S",
        "app/wire/child.py _ENDING_S",
        "app/wire/client.py _CANCEL_S",
        "app/wire/client.py _CLOSE_S",
        "app/wire/desktop_proxy.py _ANSWERS_IN_S",
        "app/wire/process.py _CLOSING_S",
    ),
    "limit ui/checks/entries.py CELL_CHARACTERS: 8 times as large": _LOOKS,
    "limit ui/checks/lines.py MOST_LINKS: an eighth": _LOOKS,
    "limit ui/endpoints/adding.py MAX_BODY_BYTES: an eighth": _PACE,
    "limit ui/shell/application.py DRAWN_S: 8 times as large": _PACE,
    "limit ui/study/in_turns.py TURN_MS: an eighth": _PACE,
    "limit app/secrets/writings.py _BLOCK_CHARS: an eighth": _PACE,
    "limit app/secrets/writings.py _LINE_CHARS: an eighth": _PACE,
    "limit app/wire/arrival.py _ROOM_BYTES: 8 times as large": "The kernel fills no more of it.",
    "limit app/wire/departure.py _ROOM_BYTES: 8 times as large": "The kernel fills no more of it.",
    "limit app/wire/head_flaws.py MAX_HEAD_BYTES: 8 times as large": "h11 refuses a head that comes near.",
    "limit app/wire/scheduling.py _SLICE_NS: an eighth": "The kernel takes no shorter one and makes it this one.",
    "limit app/stream/aws_frames.py _MAX_FRAME_BYTES: 8 times as large": "One of 16 MiB does not begin with a zero byte.",
}

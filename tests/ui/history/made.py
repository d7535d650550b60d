"""A history as it is after some weeks: entries made by hand, with a body that no one reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.asking.history_keeping import history_in_place
from app.store.history.entry import Entry, Kind, SideEntry, Traits
from app.store.settings import Settings

LONG = "A relay with a name of sixty characters, which is rather long"


def _run(number: int, **fields: Any) -> Entry:
    day, of_day = divmod(number, 4)
    began = datetime.now(UTC) - timedelta(days=day * 1.0, hours=of_day * 1.4, minutes=7 * number % 50)
    later = 290 + 9 * (number * 7 % 11) + (150 if day < 4 else 0)
    verdict = ("losses", "drop_in", "losses", "breaks")[number % 4]
    names = ("Anthropic (official)", "Relay · staging") if number % 7 else (LONG, "公司内部中转网关（华东二区、按量计费）")
    ttft = 560.0 + 13 * (number * 5 % 9)
    usage = Traits("cloudflare", (), "", not 5 <= day < 10, 412 if day >= 7 else 439)  # again since the fifth day ago
    sides = (
        SideEntry("a", names[0], "https://api.one", "anthropic-messages", "claude-x", "", "completed", "drop_in", ttft, 3200.0,
                  0.004, 1),
        SideEntry("b", names[1], "https://relay.two", "anthropic-messages", "claude-x", "",
                  "interrupted" if verdict == "breaks" else "completed", verdict, ttft + later, 4100.0, 0.005, 1,
                  ("A22",), usage),
    )  # fmt: skip
    words = {
        "request": "What does a stream look like from the inside?",
        "sentence": f"B is {later} ms later to the first token; 27 more tokens in; came in 3 bursts.",
        "sides": sides, "prompt": "Tell me of envelopes",
        "answer": "今天我们去公园散步吧" if number % 5 == 2 else "A row of envelopes", **fields,
    }  # fmt: skip
    stamp = began.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return Entry(f"made{number}", stamp, **{"kind": Kind.RUN, "scenario": "streaming", **words})


def many_kept(days: int = 14) -> None:
    """Four a day, among them checks, a study and a name."""
    with history_in_place(Settings()) as history:
        for number in range(4 * days):
            if number == 1:
                one = _run(number, kind=Kind.STUDY, scenario="study", sentence="B is 180 ms later (95 %: 151 to 214 ms).")
            elif number == 2:
                said = "Works, with losses: thinking is stripped on the way; stop sequences do not hold."
                one = _run(number, kind=Kind.CHECK, scenario="checks", sentence=said)
            else:
                one = _run(number)
            kept = history.add(one, [f"body {number}".encode()])
            if number in (0, 9):
                history.pin(kept)
            if number in (2, 5):
                history.set_name(kept, "before the move")

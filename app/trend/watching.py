"""The plan of the drift sentinel while the window is open: when it asks next, and what that costs. Nothing is asked here.

Times that passed while Diptych was closed, or the machine slept, are not made up for: one round is asked, not several.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from app.checks.budget import Prices, guessed_tokens
from app.checks.estimate import Estimate, together
from app.recording.records import SideName
from app.store.settings import Watch
from app.text.languages import ENGLISH, language
from app.text.sentences import tr
from app.text.when import local
from app.trend.drift import PLANS

DAY_S = 86_400
EVERY_S = (1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY_S)
"""What is offered."""
FIRST_WAIT_S = 120  # after the start, when a round is due already: the user comes first
FRAME_BYTES, TOOLS_BYTES = 200, 900  # of a request besides its prompt, and the tools of one


def round_cost(prices: Mapping[SideName, Prices]) -> Estimate:
    """What a round costs at most, of all sides together."""
    into = sum(
        guessed_tokens(b"." * (len(one.prompt.encode()) + FRAME_BYTES + (TOOLS_BYTES if one.scenario == "tools" else 0)))
        for one in PLANS
    )
    out = sum(one.max_tokens or 0 for one in PLANS)
    return together(dict.fromkeys(prices, (len(PLANS), into, out)), prices)


def rounds_a_day(every_s: int) -> int:
    return max(1, DAY_S // every_s)


def next_round(watch: Watch, now: datetime, began: datetime) -> datetime:
    """When the next round is due, never before `now`; `began`: when this window was opened, or the watch begun."""
    last = local(watch.last_utc)
    due = now if last is None or last > now else last + timedelta(seconds=watch.every_s)
    first = began + timedelta(seconds=FIRST_WAIT_S) if last is not None else began
    return max(due, first, now)


def spent_today(watch: Watch, now: datetime) -> float:
    """USD of the rounds of this day, on the clock of `now`."""
    return watch.spent_usd if watch.day == now.strftime("%Y-%m-%d") else 0.0


def is_over(watch: Watch, cost: Estimate, now: datetime) -> bool:
    """Whether one more round could pass the cap of the day; where there is no price it can't be told."""
    return bool(watch.cap_usd) and spent_today(watch, now) + (cost.usd or 0.0) > watch.cap_usd + 1e-9


def tomorrow(now: datetime) -> datetime:
    """When the next day begins, on the clock of `now`."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def counted(watch: Watch, usd: float, now: datetime) -> Watch:
    """With a round of so much."""
    return msgspec.structs.replace(watch, day=now.strftime("%Y-%m-%d"), spent_usd=spent_today(watch, now) + usd)


# -- without a window --------------------------------------------------------------------------------------------------


def schedule_lines(arguments: Sequence[str], every_s: int | None) -> list[str]:
    """How the system asks the same again, without a window: what `diptych drift` is called with, and how often.

    A scheduler has no language of its own: in another than English it is told which, for its output and the demo's names.
    """
    seconds = every_s or DAY_S
    spoken = [] if language() == ENGLISH else ["--lang", language()]
    line = shlex.join([shutil.which("diptych") or "diptych", *spoken, "drift", *arguments, "--once"])
    found = [tr("To have it asked again by the system, one of:")]
    if (when := _cron(seconds)) is not None:
        percent = line.replace("%", r"\%")
        found.append(tr("  crontab -e, the line:  {line}", line=f"{when} {percent}"))
    return [*found, f"  systemd-run --user --on-active={seconds}s --on-unit-active={seconds}s {line}"]


def _cron(seconds: int) -> str | None:
    """When, as cron says it; None for what it can't."""
    if seconds == DAY_S:
        return "0 6 * * *"
    for unit, most, form in ((60, 60, "*/{} * * * *"), (3600, 24, "0 */{} * * *")):
        many, rest = divmod(seconds, unit)
        if not rest and many < most and most % many == 0:
            return form.format(many).replace("*/1 ", "* ")
    return None

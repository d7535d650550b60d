"""A report in Markdown, for a pull request or a chat: the sentence, the table, what failed with its bytes, the rest folded.

GitHub takes comments of up to 65 536 characters: what is longer is cut between two parts, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from app.report import measured, words
from app.report.schema import CheckPart, Report
from app.text.sentences import tr
from app.text.visible import one_line, visible

MOST_CHARACTERS = 65_000
_ROOM_FOR_THE_END = 200
_MOST_CELL = 300
_MOST_ROWS = 30
_SPECIAL = re.compile(r"([\\`*_\[\]|<>~$&@#]|:(?=//|\w+:)|(?<=www)\.|^[-+=]|^\d{1,9}(?=[.)](?:\s|$)))")
_BACKTICKS = re.compile(r"`+")


def markdown(report: Report) -> str:
    """The whole, shorter than `MOST_CHARACTERS`."""
    said, left_out, length = [], 0, 0
    for block in _blocks(report):
        if length + len(block) + 1 > MOST_CHARACTERS - _ROOM_FOR_THE_END:
            left_out += 1
            continue
        said.append(block)
        length += len(block) + 1
    if left_out:
        more = tr("{count} more parts are left out here: they stand in the HTML and the JSON report.", count=left_out)
        said.append(f"_{more}_\n")
    return "\n".join(said)


def text(outside: str, limit: int = _MOST_CELL) -> str:
    """Outside text as plain words in a line or a table's cell: nothing in it is markup, a mention or a link."""
    return _SPECIAL.sub(_escape, one_line(outside, limit))


def _escape(match: re.Match[str]) -> str:
    found = match[1]
    return f"{found}\u2060" if found.isdigit() else f"\\{found}"  # a number that would begin a list


def code(outside: str, indent: str = "") -> str:
    """Outside text as a block of code, fenced by more backticks than stand in it."""
    shown = visible(outside)
    fence = "`" * max(3, 1 + max((len(one) for one in _BACKTICKS.findall(shown)), default=0))
    return "\n".join(indent + line for line in (fence, *shown.splitlines(), fence))


def _blocks(report: Report) -> list[str]:
    """The parts, the most important first."""
    blocks = [f"## {tr('{heading}: {text}', heading='Diptych', text=text(words.title(report)))}\n"]
    if report.verdict is not None:
        blocks.append(f"**{words.overall_mark(report)} {text(report.verdict.sentence)}**\n")
    if verdicts := words.fits(report):
        blocks.append("".join(f"- **{side.upper()}** {text(said)}\n" for side, said in verdicts.items()))
    blocks.append(f"{text(report.sentence, 2000)}\n")
    blocks += [
        _endpoints(report),
        *_measured(report),
        *_tables(report),
        *_told(report),
        *_findings(report),
        *_differences(report),
    ]
    limits = tr("What this run can't know")
    blocks.append(f"**{limits}**\n\n" + "".join(f"- {text(one.sentence, 500)}\n" for one in report.limits))
    blocks += [_checklist(report, number) for number in range(len(report.checklists))]
    blocks += [_latency(report), _environment(report)]
    return [one for one in blocks if one]


def _endpoints(report: Report) -> str:
    rows = [
        f"| {one.side.upper()} | {text(one.label)} | {text(one.base_url or '–')} | {text(one.model_asked)} |"
        for one in report.endpoints
    ]
    head = f"| | {tr('endpoint')} | {tr('address')} | {tr('model')} |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows]) + "\n"


def _measured(report: Report) -> list[str]:
    """The figures of a study, or of a load."""
    blocks = []
    if report.study is not None:
        blocks.append(_plain_table(measured.study_head(), measured.study_rows(report)))
        blocks.append(f"_{text(tr(measured.STUDY_NOTE))}_\n")
        blocks.append(
            "".join(f"- {tr('{side}: {words}', side=side, words=text(said))}\n" for side, said in measured.completed(report))
        )
        blocks.append("".join(f"- {text(one, 500)}\n" for one in measured.also(report)))
    for side, rows in measured.load_tables(report):
        blocks.append(f"**{side}**\n\n{_plain_table(measured.load_head(report), rows)}")
    plan = measured.plan_words(report)
    return [*blocks, f"{tr('Plan: {plan}.', plan=text(plan))}\n"] if plan else []


def _plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(text(cell) for cell in row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "| --- |" + " ---: |" * (len(head) - 1), *lines[1:]]) + "\n"


def _tables(report: Report) -> list[str]:
    """All checks by group, in blocks, so that a cut falls between two."""
    control = any(one.a is not None for one in report.checks)
    sides = ["A", "B"] if control else [tr("verdict")]
    titles = [tr("check"), *sides, tr("measured"), tr("what it means")]
    head = [f"| {' | '.join(titles)} |", "| --- " * len(titles) + "|"]
    blocks = []
    for title, checks in words.groups(report):
        for begin in range(0, len(checks), _MOST_ROWS):
            rows = [_row(one, control=control) for one in checks[begin : begin + _MOST_ROWS]]
            blocks.append(f"**{text(title)}**\n\n" + "\n".join([*head, *rows]) + "\n")
    return blocks


def _row(check: CheckPart, *, control: bool) -> str:
    a = f" {words.marked(check.a.verdict)} |" if check.a is not None else " – |"
    cells = f"| {text(check.title)} |" + (a if control else "") + f" {words.marked(check.b.verdict)} |"
    return f"{cells} {text(words.measured_both(check))} | {text(words.meaning(check))} |"


def _told(report: Report) -> list[str]:
    """What failed or differs, with the bytes."""
    return [_one(one) for one in words.told(report) if one.harm is not None]


def _one(check: CheckPart) -> str:
    fields = {"title": f"**{text(check.title)}**", "what": words.marked(check.b.verdict), "where": f"`{check.id}`"}
    lines = [tr("{title} ({what}, {where}): {sentence}", **fields, sentence=text(check.b.sentence, 500))]
    if check.b.advice:
        lines.append(tr("Do: {advice}", advice=text(check.b.advice, 500)))
    for evidence in check.b.evidence:
        lines.append(tr("{side}, {place}:", side=evidence.side.upper(), place=words.place(evidence)))
        if evidence.excerpt:
            lines.append("\n" + code(evidence.excerpt) + "\n")
    return "\n\n".join(lines) + "\n"


def _findings(report: Report) -> list[str]:
    blocks = []
    for one in report.findings:
        by_event = one.event is not None
        where = tr("event {number}" if by_event else "round {number}", number=one.event if by_event else one.round)
        title = tr("{side}, {severity}", side=one.side.upper(), severity=words.severity(one.severity))
        fields = {"title": f"**{title}**", "what": f"`{one.id}`", "where": where}
        said = tr("{title} ({what}, {where}): {sentence}", **fields, sentence=text(one.sentence, 500))
        blocks.append(f"{said}\n" + (f"\n{code(one.excerpt)}\n" if one.excerpt else ""))
    return blocks


def _differences(report: Report) -> list[str]:
    """What differs between the sides of a run: the sentence, a line for each part, the rows folded."""
    if report.difference is None:
        return []
    lines = [
        f"- {_SIGNS.get(one.standing, '–')} {tr('{heading}: {text}', heading=text(one.title), text=text(one.words, 500))}\n"
        for one in report.differences
    ]
    blocks = [f"**{tr('What differs')}**\n\n{text(report.difference, 2000)}\n\n{''.join(lines)}"]
    for one in report.differences:
        if one.rows:
            head = [f"| {' | '.join(text(cell) for cell in row)} |" for row in (one.columns, *one.rows)]
            rows = "\n".join([head[0], "| --- " * len(one.columns) + "|", *head[1:]])
            more = f"\n\n_{tr('{count} more', count=one.more)}_" if one.more else ""
            blocks.append(f"<details><summary>{_html(one.title)}</summary>\n\n{rows}{more}\n\n</details>\n")
    return blocks


_SIGNS = {"same": "=", "differs": "≠"}


def _checklist(report: Report, number: int) -> str:
    one = report.checklists[number]
    ticks = {tick: text(tr("({tick}{checks:if : {checks}})", tick=words.tick(tick), checks="")) for tick in words.TICKS}
    lines = [f"- [{_box(line.tick)}] {text(line.text)} _{ticks[line.tick]}_" for line in one.lines]
    summary = tr("{title}: {sentence}", title=_html(one.title), sentence=_html(one.sentence))
    return f"<details><summary>{summary}</summary>\n\n" + "\n".join(lines) + "\n\n</details>\n"


def _latency(report: Report) -> str:
    if not report.latency:
        return ""
    titles = (tr("measure"), "n", tr("median"), tr("least"), tr("most"))
    head = [f"| | {' | '.join(titles)} |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    rows = [
        f"| {one.side.upper()} | {words.measure(one.measure)} | {one.n} | {words.milliseconds(one.median_ms)}"
        f" | {words.milliseconds(one.least_ms)} | {words.milliseconds(one.most_ms)} |"
        for one in report.latency
    ]
    return f"<details><summary>{tr('Latency')}</summary>\n\n" + "\n".join([*head, *rows]) + "\n\n</details>\n"


def _environment(report: Report) -> str:
    spent = report.spent
    fields = {"requests": spent.requests, "into": spent.input_tokens, "out": spent.output_tokens}
    cost = words.cost(spent.usd, spent.least_usd)
    said = [
        tr("Diptych {version}, {day}", version=text(report.tool.version), day=words.day(report.run.started_utc)),
        tr("{requests:count} requests, {into:count} tokens in, {out:count} out, {cost}", **fields, cost=cost),
    ]
    return "".join(f"{one}  \n" for one in said)


def _box(tick: str) -> str:
    return "x" if tick == "ticked" else " "


def _html(plain: str) -> str:
    return escape(visible(plain, keep=""))

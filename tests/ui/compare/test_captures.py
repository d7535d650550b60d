"""Captures of other programs as sides: opened, dropped, pasted, swapped; what can't be taken is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.exchange.exchange import Exchange
from app.formats.har_export import as_har
from app.protocols.ids import CHAT, MESSAGES
from app.scenarios import Plan, Scenario
from app.transfer.settings_files import SettingsRead
from tests.builders import messages_end, messages_start, messages_text
from tests.transfer.simulated import Simulated
from tests.ui.conftest import Ui
from ui.compare.choosing import ChoiceDialog
from ui.compare.tabs import FINDINGS

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
VERBOSE = b"> POST /v1/messages HTTP/1.1\n> \n< HTTP/1.1 200 OK\n< content-type: text/event-stream\n< \n"


def answer(text: str) -> bytes:
    return messages_start() + messages_text(text) + messages_end()


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def har(text: str) -> bytes:
    request = {"method": "POST", "url": "https://x.invalid/v1/messages", "postData": {"text": '{"model":"m","stream":true}'}}
    content = {"mimeType": "text/event-stream", "text": text}
    entry = {"request": request, "response": {"status": 200, "content": content}}
    return json.dumps({"log": {"creator": {"name": "Firefox"}, "entries": [entry, entry, entry]}}).encode()


def drop(ui: Ui, x: float, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    ui.page.dropEvent(QDropEvent(QPointF(x, 300), Qt.DropAction.CopyAction, data, left, none))


def said(ui: Ui) -> str:
    return next((box.informativeText() for box in ui.page.findChildren(QMessageBox)), "")


def test_captures_become_sides_each_with_its_recorder(ui: Ui, tmp_path: Path) -> None:
    one = written(tmp_path, "one.txt", VERBOSE + answer("From curl"))
    two = written(tmp_path, "two.sse", answer("A body alone"))

    async def scene() -> None:
        page = ui.page
        drop(ui, page.width() - 10, one)
        await ui.until(lambda: page.b.answer.text == "From curl", "the capture on B")
        assert page.a.exchange is None
        assert "B: one.txt, recorded by curl -v" in page.notes.text
        ui.window.open_file(two)
        both = ["A body alone", "From curl"]
        await ui.until(lambda: [pane.answer.text for pane in (page.a, page.b)] == both, "the second on the free side")
        page.captures.swap()
        await ui.until(lambda: page.b.answer.text == "A body alone" and page.a.answer.text == "From curl", "the swap")
        empty = tmp_path / "empty"
        empty.mkdir()
        drop(ui, 10, empty)
        await ui.until(lambda: said(ui), "the complaint")
        assert said(ui) == "empty: no file is in this folder"
        drop(ui, page.width() - 10, tmp_path)  # a folder is all files in it
        await ui.until(lambda: any(not box.isHidden() for box in page.findChildren(ChoiceDialog)), "the question")
        (dialog,) = (box for box in page.findChildren(ChoiceDialog) if not box.isHidden())
        assert [item.split(",")[0] for item in dialog.titles] == ["1. one.txt", "2. two.sse"]
        dialog.reject()
        drop(ui, 10, two, one)
        await ui.until(lambda: page.a.answer.text == "A body alone" and page.b.answer.text == "From curl", "one a side")
        page.files.close()
        assert not page.captures.held

    ui.play(scene())


def test_a_run_that_was_written_for_other_programs_is_both_its_sides_with_all_rounds(ui: Ui, tmp_path: Path) -> None:
    run = [*Simulated(MESSAGES).run(Plan(Scenario.TOOLS)), *Simulated(CHAT).run(Plan(Scenario.CONVERSATION), "b")]
    file = tmp_path / "run.har"
    file.write_bytes(b"".join(as_har([Exchange(one).finish() for one in run], "1")))

    async def scene() -> None:
        page = ui.page
        ui.window.open_file(file)
        await ui.until(lambda: {name: len(rounds) for name, rounds in page.captures.held.items()} == {"a": 2, "b": 3}, "both")
        await ui.until(lambda: all(pane.exchange is not None for pane in (page.a, page.b)), "both panes")
        assert "A: run.har#1, recorded by Diptych; B: run.har#3, recorded by Diptych" in page.notes.text
        page.captures.swap()
        await ui.until(lambda: [len(page.captures.held[side]) for side in ("a", "b")] == [3, 2], "the swap")
        page.files.close()

    ui.play(scene())


def test_which_of_several_and_in_which_protocol_is_asked(ui: Ui, tmp_path: Path) -> None:
    several = written(tmp_path, "several.har", har(answer("Grüße").decode()))

    async def chosen(title: str) -> None:
        await ui.until(lambda: any(not one.isHidden() for one in ui.page.findChildren(ChoiceDialog)), "the question")
        (dialog,) = (one for one in ui.page.findChildren(ChoiceDialog) if not one.isHidden())
        dialog.search.setText(title)
        dialog.accept()

    async def scene() -> None:
        page = ui.page
        page.captures.open(several, "b")
        await chosen("several.har#2")
        await ui.until(lambda: page.b.answer.text == "Grüße", "the chosen entry")
        assert "recorded by Firefox" in page.notes.text
        QGuiApplication.clipboard().setText((HEAD + b"data: {}\n\n").decode())
        page.captures.paste()
        await chosen("Chat")
        await ui.until(lambda: page.a.exchange is not None and page.a.exchange.finished, "what was pasted")
        assert page.a.exchange is not None
        assert page.a.exchange.protocol.id == "openai-chat"

    ui.play(scene())


def test_what_can_t_be_taken_says_what_it_is_and_a_key_is_never_shown(
    ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = written(tmp_path, "x.flow", b"1234:7:version;2:20#}")
    variables = written(
        tmp_path, "x.env", b"ANTHROPIC_BASE_URL=https://x.invalid\nANTHROPIC_API_KEY=sk-ant-made-up-0123456789\n"
    )
    begun: list[SettingsRead] = []

    async def scene() -> None:
        page = ui.page
        ui.window.open_file(flows)
        await ui.until(lambda: said(ui), "the complaint")
        assert "mitmproxy's flows" in said(ui)
        assert "hardump" in said(ui)
        monkeypatch.setattr(page.sides, "begin_endpoint", lambda _, read: begun.append(read))
        ui.window.open_file(variables)
        await ui.until(lambda: begun, "the endpoint that is begun")
        assert len(page.findChildren(QMessageBox)) == 1
        assert not page.captures.held
        other = written(tmp_path, "y.env", b"OPENAI_BASE_URL=https://y.invalid/v1\n")
        drop(ui, 10, variables, other, variables)
        assert [[one.file for one in read.found] for read in begun] == [["x.env"], ["x.env", "y.env", "x.env"]]

    ui.play(scene())


def test_what_is_shown_is_exported_as_har_and_opens_again(ui: Ui, tmp_path: Path) -> None:
    out = tmp_path / "both.har"

    async def scene() -> None:
        page = ui.page
        drop(ui, 10, written(tmp_path, "one.txt", VERBOSE + answer("One")), written(tmp_path, "two.sse", answer("Two")))
        await ui.until(lambda: page.a.answer.text == "One" and page.b.answer.text == "Two", "both captures")
        await ui.until(lambda: page.exports.can, "both to be read")
        page.exports.save("har", ("a", "b"), out)
        page.files.close()
        assert not page.exports.can
        ui.window.open_file(out)
        await ui.until(lambda: page.a.answer.text == "One" and page.b.answer.text == "Two", "the exported run")
        assert "recorded by Diptych" in page.notes.text

    ui.play(scene())


def test_a_finding_is_copied_as_an_issue(ui: Ui, tmp_path: Path) -> None:
    bad = written(tmp_path, "bad.sse", messages_start() + b"event: content_block_delta\ndata: {]\n\n" + messages_end())

    async def scene() -> None:
        page = ui.page
        page.captures.open(bad, "a")
        await ui.until(
            lambda: page.a.exchange is not None and page.a.tabs.button(FINDINGS).text().startswith("✕"), "the findings"
        )
        page.a.set_tab(FINDINGS)
        table = page.findings.view().table
        row = next(one for one in table.rows if any(place.event == 2 for place in one.places))
        table.open_row(row.id)
        button = await found(ui)
        button.click()
        said = QGuiApplication.clipboard().text()
        assert "Event 3 of" in said
        assert "(this one is wrong)" in said
        assert button.text() == "✓ Copied"

    async def found(ui: Ui) -> QPushButton:
        def shown() -> list[QPushButton]:
            return [one for one in ui.page.findings.view().findChildren(QPushButton) if one.text() == "Copy issue"]

        await ui.until(shown, "the button")
        return shown()[0]

    ui.play(scene())


def test_requests_of_other_programs_become_the_custom_request(ui: Ui, tmp_path: Path) -> None:
    """Of a file dropped on the request, of a command pasted into the body or as an answer; of several it is asked which."""
    asked = '{"model":"theirs","max_tokens":9,"messages":[{"role":"user","content":"Boats?"}]}'
    command = f"curl https://relay.test/v1/messages -H 'x-api-key: k' -d '{asked}'"
    script = written(tmp_path, "call.sh", command.encode())
    calls = json.loads(har(answer("Hi").decode()))
    for number, entry in enumerate(calls["log"]["entries"]):
        body = {"messages": [{"role": "user", "content": f"Question {number // 2}"}], "stream": True}
        entry["request"]["postData"]["text"] = json.dumps(body)
    traffic = written(tmp_path, "traffic.har", json.dumps(calls).encode())

    def dropped(path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        ui.page.bar.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, left, none))

    async def scene() -> None:
        bar = ui.page.bar
        dropped(script)
        await ui.until(lambda: bar.scenario is Scenario.CUSTOM, "the custom request")
        assert json.loads(bar.plan.body) == {name: value for name, value in json.loads(asked).items() if name != "model"}
        dropped(traffic)
        await ui.until(lambda: any(not one.isHidden() for one in ui.page.findChildren(ChoiceDialog)), "the question")
        (dialog,) = (one for one in ui.page.findChildren(ChoiceDialog) if not one.isHidden())
        assert dialog.titles == ["1. Question 0", "2. Question 1"]  # each once
        dialog.search.setText("2. question")
        dialog.accept()
        assert b"Question 1" in bar.plan.body
        data = QMimeData()
        data.setText(command)
        bar.editor.body.insertFromMimeData(data)
        assert b"Boats" in bar.plan.body
        data.setUrls([QUrl.fromLocalFile(str(script))])
        assert not bar.editor.body.canInsertFromMimeData(data)  # the row takes it
        QGuiApplication.clipboard().setText(command.replace("Boats", "Ships"))
        ui.page.captures.paste()
        assert b"Ships" in bar.plan.body
        QGuiApplication.clipboard().setText("curl https://relay.test/v1/models")
        ui.page.captures.paste()
        assert "sends no JSON object" in said(ui)
        assert b"Ships" in bar.plan.body

    ui.play(scene())

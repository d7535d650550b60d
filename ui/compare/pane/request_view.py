"""The Request tab: what was sent, the key masked, and how to send it again from a shell or a program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from app.formats.request_code import LANGUAGES, as_code
from app.text.pretty_json import pretty
from app.text.sentences import message, tr
from app.text.visible import visible
from ui.compare.pane.text_tab import TextTab
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.recording.records import Request

CANT_SEND = message("{kind} can’t send this request: its body is no JSON object, or it sends no key.")
MORE = ("node", "ai-sdk", "langchain", "litellm")
EMPTY = message("The request as it is sent, its key masked, will stand here, to be copied as curl, Python or Node.")


class RequestView(TextTab):
    """What was sent; before a run, and where it is wanted after one, what would be sent now.

    Attributes:
        now: switches to what would be sent now, where that is something else than was sent.

    Signals:
        body_wanted: the body that is shown shall be changed by hand; its bytes.
    """

    body_wanted = Signal(bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Request as sent"), parent)
        self._view.setPlaceholderText(tr(EMPTY))
        self._row.setSpacing(2)
        self._preview: tuple[Request, str, str] | None = None  # with its protocol and base URL
        self.now = self._add_button(tr("As set now"))
        self.now.setCheckable(True)
        self.now.setToolTip(tr("What would be sent now, in place of what was sent"))
        self.now.toggled.connect(lambda _: self.refresh())
        edit = self._add_button(tr("Edit"))  # a pane of 368 pixels has room for no more
        edit.setAccessibleName(tr("Edit the body"))
        edit.setToolTip(tr("Begin a custom request with this body"))
        edit.clicked.connect(lambda: self.body_wanted.emit(self._shown_body()))
        for title, kind in ((tr("Copy as curl"), "curl"), ("Python", "python")):
            button = self._add_button(title)
            button.setAccessibleName(tr("Copy the request as {kind}", kind=kind))
            button.setToolTip(tr("With the key as an environment variable"))
            button.clicked.connect(lambda _=False, chosen=kind: self._on_copy(chosen))
        more = self._add_button("Node ▾")
        more.setAccessibleName(tr("Copy the request for Node or a framework"))
        more.setToolTip(tr("Copy the request for Node, the AI SDK, LangChain or LiteLLM"))
        more.clicked.connect(lambda: self._show_more(more))
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        self._exchange, self._state = exchange, ()
        self.now.setChecked(False)
        self.refresh()

    def show_preview(self, request: Request | None, protocol: str, base_url: str) -> None:
        """Have a request as it would be sent now, its key masked; None where it is not known."""
        self._preview = (request, protocol, base_url) if request is not None else None
        self.refresh()

    def refresh(self) -> None:
        one = self._exchange
        self.now.setVisible(
            one is not None and self._preview is not None and self._preview[0].body != one.recording.request.body
        )
        if one is None or (self.now.isChecked() and not self.now.isHidden()):
            self._show_preview()
            return
        self._foot.setVisible(True)
        state = (one, one.recording.sent)
        if state != self._state:
            self._state = state
            self._show(self._head(), one.recording.request.body, message("Body: {size:bytes}"))

    def _show_preview(self) -> None:
        self._foot.setVisible(self._preview is not None)
        if self._preview is None:
            self._view.show_json("", is_json=False)
            return
        request, *_ = self._preview
        if self._state != (request,):
            self._state = (request,)
            head = visible(
                "\n".join([f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in request.headers)])
            )
            self._show(head, request.body, message("Not sent yet. Body: {size:bytes}"))

    def _show(self, head: str, body: bytes, template: str) -> None:
        text, is_json = pretty(body)
        self._view.show_json(f"{head}\n\n{text}", is_json=is_json, first_line=head.count("\n") + 2)
        self._said.set_segments(Segment(tr(template, size=len(body))))

    def _head(self) -> str:
        assert self._exchange is not None
        request, sent = self._exchange.recording.request, self._exchange.recording.sent
        if sent is not None and sent.head:
            return visible(sent.head.decode("latin-1").replace("\r\n", "\n").rstrip("\n"))
        headers = sent.headers if sent is not None and sent.headers else request.headers
        first = [] if any(name.startswith(":") for name, _ in headers) else [f"{request.method} {request.url}"]
        note = [] if sent is not None else [tr("(not sent yet)")]
        return visible("\n".join([*note, *first, *(f"{name}: {value}" for name, value in headers)]))

    def _show_more(self, button: QPushButton) -> None:
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in MORE:
            menu.addAction(LANGUAGES[kind], partial(self._on_copy, kind))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_copy(self, kind: str) -> None:
        from ui.widgets.toast import toast

        if self.copy_as(kind):
            toast(self, tr("Copied as {kind}; the key is a variable.", kind=LANGUAGES[kind]))
        else:
            toast(self, tr(CANT_SEND, kind=LANGUAGES[kind]), role="warn")

    def copy_as(self, kind: str) -> str:
        """Put the request on the clipboard as one of `LANGUAGES`; returns what was put there, "" for nothing."""
        if text := self.code(kind):
            QGuiApplication.clipboard().setText(text)
        return text

    @property
    def _shows_preview(self) -> bool:
        return bool(self._state) and self._preview is not None and self._state[0] is self._preview[0]

    def _shown_body(self) -> bytes:
        if self._shows_preview and self._preview is not None:
            return self._preview[0].body
        return self._exchange.recording.request.body if self._exchange is not None else b""

    def code(self, kind: str) -> str:
        """The request as one of `LANGUAGES`, "" where there is none, or that can't send it."""
        if self._shows_preview and self._preview is not None:
            request, protocol, base_url = self._preview
        elif self._exchange is not None:
            recording = self._exchange.recording
            request, protocol, base_url = recording.request, recording.envelope.protocol, recording.envelope.profile.base_url
        else:
            return ""
        return as_code(kind, request, protocol, base_url)

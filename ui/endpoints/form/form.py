"""The form of one endpoint: it shows a profile, advises while it is typed, and gives the changed profile back."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.asking.advice import Advice, advise, exact_url
from app.asking.changes import with_protocol
from app.model_names import Suggestion, is_claude_endpoint, offered, suggest
from app.protocols.registry import info, protocol_ids, title
from app.secrets.names import shown_url
from app.store.profiles import LABELS, Profile, label_words
from app.text.sentences import message, text_in_a_row, tr
from app.text.visible import one_line, visible
from ui.endpoints.form.advanced import AdvancedForm, set_text, summary_of
from ui.endpoints.form.client_row import ClientRow
from ui.endpoints.form.key_row import KeyRow
from ui.endpoints.form.url_field import UrlField
from ui.widgets.fields import ButtonLine, FormCombo, NameCombo, WrapLabel, mark_wrong
from ui.widgets.form_grid import FormGrid
from ui.widgets.labels import ElidedLabel

SUMMARY_CHARACTERS = 160
UNSTARTED = message("known once it runs; Test starts it")
AUTHS = (("x-api-key: …", "x-api-key"), ("Authorization: Bearer …", "bearer"))
AUTH_WORDS = {
    "x-api-key": message("Anthropic's own way; most relays that speak Messages take it too."),
    "bearer": message("The way of OpenAI and of most relays; ANTHROPIC_AUTH_TOKEN is meant for it."),
}


class AdviceLines(QWidget):
    """Sentences below a field, each with its buttons.

    Signals:
        chosen: a button was pressed; what it stands for.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._shown: list[tuple[str, str, tuple[tuple[str, object], ...]]] = []
        self.hide()

    @property
    def text(self) -> str:
        return text_in_a_row(sentence for sentence, _, _ in self._shown)

    def show_lines(self, lines: Sequence[tuple[str, str, tuple[tuple[str, object], ...]]]) -> None:
        """Show (sentence, role, buttons)."""
        if list(lines) == self._shown:
            return
        self._shown = list(lines)
        while (item := self._layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for sentence, role, buttons in lines:
            line = ButtonLine(sentence, role, buttons)
            line.chosen.connect(self.chosen)
            self._layout.addWidget(line)
        self.setVisible(bool(lines))


class EndpointForm(QWidget):
    """Edits one profile.

    Signals:
        edited: the user changed something; see `profile`.
        curl_pasted, key_pasted: that came into the address field.
        models_asked: fetch the model list.
    """

    edited = Signal()
    curl_pasted = Signal(str)
    key_pasted = Signal(str)
    models_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = Profile(name="")
        self._models: tuple[str, ...] = ()
        self._read_only = False
        self.name, self.url = QLineEdit(), UrlField()
        self.label = FormCombo(tr("Label"), [(label_words(label) or tr("no label"), label) for label in LABELS])
        self.protocol = FormCombo(tr("Protocol"), [(title(one), one) for one in protocol_ids()])
        self.auth, self.model = FormCombo(tr("How the key is sent"), AUTHS), NameCombo(tr("Model"))
        self.key_row, self.advanced, self.client = KeyRow(), AdvancedForm(), ClientRow()
        self.get_models = QPushButton(tr("Get models"))
        self._keyboard_went_to: QWidget | None = None
        self.fold = QPushButton()
        self.exact, self.url_lines, self.model_lines = ElidedLabel(scale=0.92), AdviceLines(), AdviceLines()
        self._auth_words, self.note = WrapLabel(role="muted", scale=0.92), WrapLabel(role="muted")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._build()
        self._connect()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.note)
        grid = FormGrid()
        self.name.setAccessibleName(tr("Name"))
        self.name.setPlaceholderText(tr("how it is called here"))
        self.label.setMaximumWidth(140)
        grid.add(tr("Name"), _line(self.name, self.label), self.name)
        grid.add(tr("Protocol"), self.protocol, self.protocol)
        grid.add(tr("Base URL"), self.url, self.url)
        grid.add_below(self.exact)
        grid.add_below(self.url_lines)
        grid.add(tr("Key"), self.key_row)
        grid.add(tr("Sent as"), self.auth, self.auth)
        grid.add_below(self._auth_words)
        grid.add(tr("Model"), _line(self.model, self.get_models), self.model)
        grid.add_below(self.model_lines)
        grid.add(tr("My client"), self.client, self.client.choice)
        layout.addLayout(grid)
        self.fold.setObjectName("quiet")
        self.fold.setCheckable(True)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.advanced)
        self.advanced.hide()

    def _connect(self) -> None:
        self.name.textEdited.connect(self._on_edited)
        self.url.url_edited.connect(self._on_edited)
        self.url.curl_pasted.connect(self.curl_pasted)
        self.url.key_pasted.connect(self.key_pasted)
        self.url_lines.chosen.connect(self._on_advice)
        self.model.editTextChanged.connect(self._on_edited)
        self.model_lines.chosen.connect(lambda name: self.model.setEditText(str(name)))
        self.label.activated.connect(self._on_edited)
        self.auth.activated.connect(self._on_edited)
        self.protocol.activated.connect(self._on_protocol)
        self.key_row.needed_changed.connect(self._on_edited)
        self.advanced.edited.connect(self._on_edited)
        self.client.edited.connect(self._on_edited)
        self.get_models.clicked.connect(self.models_asked)
        self.fold.toggled.connect(self._on_folded)

    # -- what it shows ------------------------------------------------------------------------------------------------

    def show_profile(self, profile: Profile, *, read_only: bool = False, note: str = "") -> None:
        """Show a profile; `note` is a sentence above it. Says nothing by signal."""
        self._base, self._read_only = profile, read_only
        blocked = self.model.blockSignals(True)
        self.note.show_text(note)
        set_text(self.name, profile.name)
        self.label.choose(profile.label)
        self.protocol.choose(profile.protocol)
        self.url.show_url(profile.base_url)
        self.auth.choose(profile.auth)
        if self.model.currentText().strip() != profile.model:
            self.model.set_text(profile.model)
        self.key_row.needed.setChecked(profile.needs_key)
        self.advanced.show_profile(profile)
        self.client.show_profile(profile, read_only=read_only)
        self.model.blockSignals(blocked)
        for widget in (self.name, self.label, self.protocol, self.url, self.auth, self.model, self.key_row, self.advanced):
            widget.setEnabled(not read_only)
        self._advise()

    def show_models(self, models: Sequence[str], problem: str = "") -> None:
        """Offer these models; `problem` is why there is no list, "" for none."""
        self._models = tuple(models)
        self.model.set_names(offered(self._models))
        self._advise_model(problem)

    def set_fetching(self, fetching: bool) -> None:
        button, window = self.get_models, self.window()
        had = fetching and button.hasFocus()
        button.setText(tr("Getting…") if fetching else tr("Get models"))
        button.setEnabled(not fetching)
        if had:
            self._keyboard_went_to = window.focusWidget()
        elif not fetching and self._keyboard_went_to is not None:  # by itself: it comes back, unless the user moved on
            if window.focusWidget() is self._keyboard_went_to:
                button.setFocus()
            self._keyboard_went_to = None

    @property
    def profile(self) -> Profile:
        """The profile as the form has it."""
        shown = msgspec.structs.replace(
            self._base,
            name=self.name.text().strip(),
            label=str(self.label.currentData() or ""),
            protocol=str(self.protocol.currentData()),
            base_url=self.url.text().strip(),
            auth=str(self.auth.currentData()),
            model=self.model.currentText().strip(),
            needs_key=self.key_row.needed.isChecked(),
            client=self.client.client,
        )
        return self.advanced.applied_to(shown)

    @property
    def faults(self) -> list[str]:
        """What can't be saved as it is typed, as clauses."""
        return self.advanced.faults

    @property
    def suggestion(self) -> Suggestion:
        """What there is to say of the model."""
        shown = self.profile
        claude = is_claude_endpoint(shown.protocol, shown.base_url, self._models)
        return suggest(shown.model, self._models, claude_endpoint=claude) if shown.model or self._models else Suggestion()

    # -- answering ----------------------------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self._advise()
        self.edited.emit()

    def _on_protocol(self) -> None:
        chosen = str(self.protocol.currentData())
        before = msgspec.structs.replace(self.profile, protocol=self._base.protocol)
        self._base = with_protocol(before, chosen)
        self.auth.choose(self._base.auth)
        self.advanced.show_profile(self._base)
        self._on_edited()

    def _on_advice(self, advice: object) -> None:
        assert isinstance(advice, Advice)
        if advice.to_protocol:
            self.show_profile(with_protocol(self.profile, advice.to_protocol, adapt_url=True), note=self.note.text())
        else:
            self.url.show_url(advice.fix)
        self._on_edited()
        self.url.setFocus()

    def _on_folded(self, unfolded: bool) -> None:
        self.advanced.setVisible(unfolded)
        self._title_fold()

    def _advise(self) -> None:
        shown = self.profile
        self.client.show_profile(shown, read_only=self._read_only)
        said = advise(shown.base_url, shown.protocol)
        mark_wrong(self.url, any(one.role != "muted" for one in said))
        self.url_lines.show_lines([(one.sentence, one.role, ((one.button, one),) if one.button else ()) for one in said])
        self._show_exact(shown)
        self._auth_words.show_text(tr(AUTH_WORDS.get(shown.auth, "")))
        self._advise_model()
        self._title_fold()

    def _show_exact(self, shown: Profile) -> None:
        """The address that is asked, or how there will be one."""
        url = shown_url(exact_url(shown.base_url, shown.protocol))
        self.url.setPlaceholderText(tr(UNSTARTED) if self._read_only else tr(info(shown.protocol).base_url_hint))
        if url:
            self.exact.set_text(tr("Requests go to {url}", url=url), "muted")
        else:
            self.exact.set_text(
                "" if self._read_only else tr("A base URL, or a whole curl command, can be pasted here."), "muted"
            )

    def _advise_model(self, problem: str = "") -> None:
        hint = self.suggestion
        names = ((hint.counterpart,) if hint.counterpart else ()) + tuple(n for n in hint.nearest if n != hint.counterpart)
        lines: list[tuple[str, str, tuple[tuple[str, object], ...]]] = []
        if problem:
            lines.append((problem, "warn", ()))
        if hint.sentence:
            lines.append((hint.sentence, "warn", tuple((tr("Use {name}", name=name), name) for name in names[:2])))
        elif self._models and not problem:
            lines.append((tr("In the endpoint's list of {n:grouped}.", n=len(self._models)), "muted", ()))
        mark_wrong(self.model, bool(hint.sentence))
        self.model_lines.show_lines(lines)

    def _title_fold(self) -> None:
        summary = summary_of(self.profile)
        arrow = "▾" if self.fold.isChecked() else "▸"
        shown = "" if self.fold.isChecked() else visible(one_line(summary, SUMMARY_CHARACTERS)).replace("&", "&&")
        self.fold.setText(tr("{arrow}  Advanced{summary:if : {summary}}", arrow=arrow, summary=shown))
        self.fold.setAccessibleName(tr("Advanced settings"))


def _line(first: QWidget, second: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(first, 1)
    line.addWidget(second)
    return line

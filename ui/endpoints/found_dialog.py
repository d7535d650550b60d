"""What a text or a file says of endpoints, as a list to choose from: nothing is saved before that is asked for here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.protocols.registry import title
from app.secrets.key_text import mask_key
from app.secrets.names import shown_url
from app.text.sentences import message, tr
from app.text.visible import one_line
from app.transfer.settings_files import why_unread
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from app.asking.drafts import Offered
    from app.formats.endpoint_files import Found

SHOWN_NAME = 70
MOST_NAMED, MOST_UNREAD = 3, 4
MAX_HEIGHT = 560
INTO_KEYRING = message("Put their keys into the system’s keyring")
INTO_MEMORY = message("Keep their keys until Diptych closes")


class FoundDialog(QDialog):
    """A row for each endpoint: its name with a box, what is known of it with its key masked, where it stands or why not.

    Attributes:
        boxes: in the order of what was offered. with_keys: whether their keys are kept. save_button: saves what is chosen.

    Signals:
        wanted: the `Found` that shall be saved, and whether their keys shall be kept.
    """

    wanted = Signal(list, bool)

    def __init__(
        self,
        offered: Sequence[Offered],
        unread: Sequence[tuple[str, str]] = (),
        *,
        in_memory: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`unread`: files in which none was found, each with why, as a clause. `in_memory`: there is no keyring."""
        super().__init__(parent)
        self._offered = list(offered)
        self._files = list(dict.fromkeys(one.found.file for one in self._offered if one.found.file))
        self.setWindowTitle(tr("Add endpoints"))
        self.setAccessibleName(tr("Add endpoints"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.boxes: list[QCheckBox] = []
        self.with_keys = QCheckBox(tr(INTO_MEMORY if in_memory else INTO_KEYRING))
        self.save_button = QPushButton()
        self._build(unread)
        self._on_ticked()
        next((box for box in self.boxes if box.isEnabled()), self.save_button).setFocus()

    def _build(self, unread: Sequence[tuple[str, str]]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(tr("Add endpoints"), bold=True, scale=1.1))
        layout.addWidget(
            WrapLabel(tr("Found in {of:or what was pasted}. Nothing is saved before you say so.", of=self._of), role="muted")
        )
        for name, why in unread[:MOST_UNREAD]:
            layout.addWidget(WrapLabel(why_unread(name, why), role="warn", scale=0.92))
        if more := unread[MOST_UNREAD:]:
            said = tr("{n:plural more file says|more files say} of no endpoint.", n=len(more))
            layout.addWidget(WrapLabel(said, role="warn", scale=0.92))
        rows = self._rows()
        card = QFrame()
        card.setObjectName("card")
        within = QVBoxLayout(card)
        within.setContentsMargins(1, 1, 1, 1)
        within.addWidget(rows)
        layout.addWidget(card, 1)
        self.with_keys.setChecked(True)
        layout.addWidget(self.with_keys)
        layout.addLayout(self._buttons())
        needed = self._column.totalHeightForWidth(560)
        self.resize(620, min(MAX_HEIGHT, 170 + needed))

    @property
    def _of(self) -> str:
        """Where they were found, "" for a text."""
        names = [one_line(name, 60) for name in self._files]
        return tr("{names:list}", names=names) if len(names) <= MOST_NAMED else tr("{n:grouped} files", n=len(names))

    def _rows(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("plainPage")
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(12)
        for one in self._offered:
            column.addWidget(self._row(one))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr("What was found"))
        area.setWidget(inside)
        return area

    def _row(self, one: Offered) -> QWidget:
        row = QFrame()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        name = one.profile.name
        box = QCheckBox((name if len(name) <= SHOWN_NAME else name[: SHOWN_NAME - 1] + "…").replace("&", "&&"))
        box.setChecked(not one.why_not and not one.same_as)
        box.setEnabled(not one.why_not)
        box.toggled.connect(self._on_ticked)
        self.boxes.append(box)
        column.addWidget(box)
        told = WrapLabel(_facts(one.found))
        below = [WrapLabel(self._stands(one.found), role="muted", scale=0.92)]
        if one.why_not:
            below.append(WrapLabel(tr("Can’t be taken: {why}.", why=one.why_not), role="warn", scale=0.92))
        elif one.same_as:
            below.append(WrapLabel(tr("“{name}” has this address already.", name=one.same_as), role="muted", scale=0.92))
        below += [WrapLabel(note, role="muted", scale=0.92) for note in one.found.pasted.notes]
        for label in (told, *below):
            line = QHBoxLayout()
            line.addSpacing(24)
            line.addWidget(label, 1)
            column.addLayout(line)
        box.setAccessibleDescription(" ".join(label.text() for label in (told, *below)))
        return row

    def _stands(self, found: Found) -> str:
        """Where it stands, with its file's name where there are several."""
        if len(self._files) > 1:
            return tr("{file}: {origin}.", file=one_line(found.file, 60), origin=found.origin)
        return found.origin[:1].upper() + found.origin[1:] + "."

    def _buttons(self) -> QHBoxLayout:
        self.save_button.setObjectName("strong")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._on_save)
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self.save_button)
        return line

    @property
    def chosen(self) -> list[Found]:
        """What is ticked."""
        return [one.found for one, box in zip(self._offered, self.boxes, strict=True) if box.isChecked()]

    def _on_ticked(self) -> None:
        count = len(self.chosen)
        self.save_button.setText(tr("Save {n:plural endpoint|endpoints}", n=count))
        self.save_button.setEnabled(bool(count))
        self.with_keys.setVisible(any(one.found.pasted.key for one in self._offered))
        self.with_keys.setEnabled(any(found.pasted.key for found in self.chosen))

    def _on_save(self) -> None:
        self.wanted.emit(self.chosen, self.with_keys.isChecked())
        self.accept()


def _facts(found: Found) -> str:
    """Protocol, address, model and key in a line; of an API that is not read no protocol is told."""
    pasted = found.pasted
    key = tr("key {masked}", masked=mask_key(pasted.key)) if pasted.key else tr("no key")
    spoken = () if found.why_not else (title(pasted.protocol),)
    return " · ".join((*spoken, shown_url(pasted.base_url) or tr("no address"), pasted.model or tr("no model"), key))

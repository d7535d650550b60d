"""The part of an endpoint's form that is rarely needed: headers, prices, time limits, the way there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.protocols.registry import info
from app.store.profiles import Prices, Profile, ProfileLimits
from app.text.sentences import message, render, tr
from ui.endpoints.form.headers import HeaderRows
from ui.widgets.fields import FormCombo, NumberField, WrapLabel
from ui.widgets.form_grid import FormGrid
from ui.widgets.labels import PlainLabel

PRICES = (
    ("input", message("Input")),
    ("output", message("Output")),
    ("cache_read", message("Cache read")),
    ("cache_write", message("Cache write")),
)
LIMITS = (
    ("connect_s", message("Connect")),
    ("first_byte_s", message("First byte")),
    ("silence_s", message("Silence")),
    ("total_s", message("Total")),
)
PROXIES = ((message("As the environment says"), ""), (message("None"), "none"), (message("This one"), "url"))


class AdvancedForm(QWidget):
    """The folded part.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.version, self.beta = QLineEdit(), QLineEdit()
        self.headers = HeaderRows()
        self.prices = {
            name: NumberField(tr("The price of {what}", what=tr(title).lower()), 0, 1_000_000, empty="–")
            for name, title in PRICES
        }
        self.limits = {
            name: NumberField(tr("The limit “{title}”", title=tr(title)), 0, 86_400, above=True) for name, title in LIMITS
        }
        self.proxy, self.proxy_url = FormCombo(tr("Proxy"), [(tr(title), value) for title, value in PROXIES]), QLineEdit()
        self.ca_file = QLineEdit()
        self.verify, self.http2 = QCheckBox(tr("Verify the certificate")), QCheckBox(tr("Offer HTTP/2"))
        self.keep = QCheckBox(tr("Keep the connection open between requests"))
        self._unverified = WrapLabel(
            tr("Unchecked, anyone on the way can pretend to be the endpoint and read the key. Only for a server of your own."),
            role="bad",
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        grid = FormGrid()
        self.setLayout(grid)
        self.version.setAccessibleName("anthropic-version")
        self.beta.setAccessibleName("anthropic-beta")
        self.beta.setPlaceholderText(tr("none; several are separated by commas"))
        self._messages_rows = [grid.add("anthropic-version", self.version, self.version), self.version]
        self._messages_rows += [grid.add("anthropic-beta", self.beta, self.beta), self.beta]
        grid.add(tr("Extra headers"), self.headers)
        grid.add(tr("Own prices"), _captioned(PRICES, self.prices))
        grid.add_below(WrapLabel(tr("USD per million tokens; they go before the price table."), role="muted", scale=0.92))
        grid.add(tr("Time limits"), _captioned(LIMITS, self.limits))
        grid.add_below(WrapLabel(tr("Seconds."), role="muted", scale=0.92))
        grid.add(tr("Proxy"), self._proxy_line(), self.proxy)
        grid.add(tr("Own authority"), self._ca_line(), self.ca_file)
        for title, box in (("TLS", self.verify), ("", self.http2), ("", self.keep)):
            grid.add(title, box)
            if box is self.verify:
                grid.add_below(self._unverified)

    def _proxy_line(self) -> QHBoxLayout:
        self.proxy_url.setAccessibleName(tr("Proxy address"))
        self.proxy_url.setPlaceholderText(tr("http://, https://, socks5:// or socks5h://host:port"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.proxy, 2)
        line.addWidget(self.proxy_url, 3)
        return line

    def _ca_line(self) -> QHBoxLayout:
        self.ca_file.setAccessibleName(tr("File of an additional certificate authority"))
        self.ca_file.setPlaceholderText(tr("PEM file; beside the system's own"))
        self.browse = QPushButton(tr("Browse…"))
        self.browse.clicked.connect(self._on_browse)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.ca_file, 1)
        line.addWidget(self.browse)
        return line

    def _connect(self) -> None:
        for field in (self.version, self.beta, self.proxy_url, self.ca_file, *self.prices.values(), *self.limits.values()):
            field.textEdited.connect(self._on_edited)
        for box in (self.verify, self.http2, self.keep):
            box.clicked.connect(self._on_edited)
        self.headers.edited.connect(self._on_edited)
        self.proxy.activated.connect(self._on_proxy_chosen)

    def _on_edited(self) -> None:
        self._unverified.setVisible(not self.verify.isChecked())
        self.edited.emit()

    def _on_proxy_chosen(self) -> None:
        self.proxy_url.setVisible(self.proxy.currentData() == "url")
        if self.proxy_url.isVisible():
            self.proxy_url.setFocus()
        self._on_edited()

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, tr("Certificate authority"), "", tr("Certificates (*.pem *.crt *.cer);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, name: str) -> None:
        self.ca_file.setText(name)
        self._on_edited()

    # -- what it shows ------------------------------------------------------------------------------------------------

    def show_profile(self, profile: Profile) -> None:
        """Show these settings. Fields that say the same already stay as they are typed."""
        set_text(self.version, profile.anthropic_version)
        set_text(self.beta, profile.anthropic_beta)
        self.headers.show_headers(profile.headers)
        _show_numbers(self.prices, msgspec.structs.asdict(profile.prices or Prices()))
        _show_numbers(self.limits, msgspec.structs.asdict(profile.limits))
        kind = profile.proxy if profile.proxy in ("", "none") else "url"
        if not (kind == "" and self.proxy.currentData() == "url" and self.proxy_url.hasFocus()):
            self.proxy.choose(kind)
        set_text(self.proxy_url, profile.proxy if kind == "url" else "")
        self.proxy_url.setVisible(self.proxy.currentData() == "url")
        set_text(self.ca_file, profile.ca_file)
        self.verify.setChecked(profile.verify_tls)
        self.http2.setChecked(profile.http2)
        self.keep.setChecked(profile.keep_connection)
        self._unverified.setVisible(not profile.verify_tls)
        for widget in self._messages_rows:
            widget.setVisible(info(profile.protocol).version_header)

    def applied_to(self, profile: Profile) -> Profile:
        """The profile with what is shown here; a number that is wrong keeps its old value (see `faults`)."""
        limits = {name: field.value() or getattr(profile.limits, name) for name, field in self.limits.items()}
        known = {name: field.value() for name, field in self.prices.items()}
        kind = str(self.proxy.currentData() or "")
        return msgspec.structs.replace(
            profile,
            anthropic_version=self.version.text().strip(),
            anthropic_beta=self.beta.text().strip(),
            headers=self.headers.headers,
            prices=Prices(**known) if any(value is not None for value in known.values()) else None,
            limits=ProfileLimits(**limits),
            proxy=self.proxy_url.text().strip() if kind == "url" else kind,
            ca_file=self.ca_file.text().strip(),
            verify_tls=self.verify.isChecked(),
            http2=self.http2.isChecked(),
            keep_connection=self.keep.isChecked(),
        )

    @property
    def faults(self) -> list[str]:
        """What is wrong with the numbers, as clauses."""
        return [field.fault for field in (*self.prices.values(), *self.limits.values()) if field.fault]


def summary_of(profile: Profile) -> str:
    """What of the folded part is not as usual, in a few words; "" for nothing."""
    usual = Profile(name="")
    parts = [
        tr("{n:plural extra header|extra headers}", n=len(profile.headers)) if profile.headers else "",
        tr("beta header") if profile.anthropic_beta else "",
        tr("version {version}", version=profile.anthropic_version)
        if profile.anthropic_version != usual.anthropic_version
        else "",
        tr("own prices") if profile.prices else "",
        tr("own time limits") if profile.limits != usual.limits else "",
        {"": "", "none": tr("no proxy")}.get(profile.proxy, tr("proxy")),
        tr("own authority") if profile.ca_file else "",
        "" if profile.http2 else tr("no HTTP/2"),
        tr("connection kept") if profile.keep_connection else "",
    ]
    return render("{parts:commas}", {"parts": [one for one in parts if one]})


def set_text(field: QLineEdit, text: str) -> None:
    """Show a text from its beginning; what means the same already stays, with its cursor."""
    if field.text().strip() != text:
        field.setText(text)
        field.setCursorPosition(0)


def _show_numbers(fields: dict[str, NumberField], values: dict[str, float | None]) -> None:
    for name, field in fields.items():
        if field.fault or field.value() != values[name]:
            field.set_value(values[name])


def _captioned(names: Sequence[tuple[str, str]], fields: dict[str, NumberField]) -> QHBoxLayout:
    """Number fields in a row, each with its name above it."""
    line = QHBoxLayout()
    line.setSpacing(10)
    for name, title in names:
        pair = QGridLayout()
        pair.setVerticalSpacing(2)
        pair.addWidget(PlainLabel(tr(title), role="muted", scale=0.88), 0, 0)
        pair.addWidget(fields[name], 1, 0)
        line.addLayout(pair)
    line.addStretch(1)
    return line

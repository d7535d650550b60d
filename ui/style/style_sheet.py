"""The application's one style sheet; `$names` are those of `ui.style.theme.Colors`, `$chevron` and `$check` files of icons."""

from string import Template

SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 5px; }
QMainWindow::separator { width: 0; height: 0; }
QMenuBar { background: $window; padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $select; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 20px; border-radius: 4px; }
QMenu::item:selected { background: $select; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }

QFrame#card { background: $surface; border: 1px solid $border; border-radius: 8px; }
QWidget#plainPage, QScrollArea#plainPage, QStackedWidget#plainPage { background: transparent; border: none; }
QWidget#sunken { background: $sunken; border-bottom-left-radius: 7px; border-bottom-right-radius: 7px; }
QFrame#popover { background: $surface; border: 1px solid $edge; border-radius: 8px; }
QFrame#toast { background: $surface; border: 1px solid $edge; border-radius: 8px; }
QFrame#evidence { background: $sunken; border: 1px solid $border; border-radius: 6px; }
QFrame#line { background: $border; border: none; }
QFrame#rail { background: $surface; border: none; border-right: 1px solid $border; }

QLineEdit, QPlainTextEdit#field, QSpinBox, QComboBox {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: 6px; padding: 4px 8px;
  selection-background-color: $select;
  selection-color: $text; min-height: ${tall}px; }
QLineEdit:focus, QSpinBox:focus { border: 2px solid $a; padding: 3px 7px; }
QPlainTextEdit#field:focus { border: 2px solid $a; padding: 3px; }
QComboBox:focus { border: 2px solid $a; padding: 3px 1px 3px 7px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: $faint; background: $sunken; border-color: $border; }
QLineEdit[wrong="true"], QPlainTextEdit#field[wrong="true"], QComboBox[wrong="true"] { border: 1px solid $warn; }
QLineEdit[wrong="true"]:focus, QPlainTextEdit#field[wrong="true"]:focus, QComboBox[wrong="true"]:focus {
  border: 2px solid $warn; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: none; }
QComboBox { padding-right: 2px; } /* the arrow's room comes off the text's besides */
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$chevron"); width: 10px; height: 10px; }
QComboBox#small, QComboBox[low="true"] { padding: 0 2px 0 8px; min-height: 0; }
QComboBox#small:focus, QComboBox[low="true"]:focus { padding: 0 1px 0 7px; }
QLineEdit[low="true"] { padding: 2px 8px; min-height: ${low}px; }
QLineEdit[low="true"]:focus { padding: 1px 7px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus, QSpinBox QLineEdit, QSpinBox QLineEdit:focus {
  border: none; padding: 0; background: transparent; min-height: 0; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $edge; border-radius: 0; outline: 0; padding: 3px;
  selection-background-color: $select; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 1px 6px; }

QPlainTextEdit, QTextEdit { background: transparent; color: $text; border: 2px solid transparent;
  selection-background-color: $select; selection-color: $text; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $a; border-radius: 4px; }
QPlainTextEdit#field { background: $surface; border: 1px solid $edge; padding: 4px; }

QPushButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: 6px; padding: 4px 12px;
  min-height: ${tall}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $select; }
QPushButton:focus { border: 2px solid $a; padding: 3px 11px; }
QPushButton:disabled { color: $faint; background: $sunken; border-color: $border; }
QPushButton#quiet { background: transparent; border: 1px solid transparent; color: $muted; padding: 3px 8px;
  min-height: ${low}px; }
QPushButton#quiet:hover { background: $hover; color: $text; }
QPushButton#quiet:checked { background: $select; color: $text; }
QPushButton#quiet:focus { border: 2px solid $a; padding: 2px 7px; }
QPushButton#quiet:disabled { color: $faint; background: transparent; }
QPushButton#strong { background: $ink; color: $on_ink; border: 2px solid $ink; font-weight: 600; padding: 4px 14px; }
QPushButton#strong:focus { border: 2px solid $a; }
QPushButton#strong:hover { background: $text; }
QPushButton#strong:disabled { background: $border; border-color: $border; color: $muted; }
QPushButton#fold { background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 0;
  min-height: ${tall}px; }
QPushButton#fold:hover { background: $hover; }
QPushButton#fold:focus { border: 2px solid $a; padding: 0; }
QPushButton#link { background: transparent; border: 1px solid transparent; border-radius: 4px; color: $text; padding: 0 1px;
  min-height: ${low}px; text-decoration: underline; }
QPushButton#link:hover { color: $a_text; }
QPushButton#link:focus { border: 2px solid $a; padding: 0; }
QPushButton#link:disabled { color: $faint; background: transparent; }
QCheckBox { spacing: 6px; border: 2px solid transparent; border-radius: 4px; }
QCheckBox:focus { border: 2px solid $a; }
QRadioButton { spacing: 6px; border: 2px solid transparent; border-radius: 4px; }
QRadioButton:focus { border: 2px solid $a; }
QRadioButton:disabled { color: $faint; }
QRadioButton::indicator { width: 12px; height: 12px; border: 1px solid $edge; border-radius: 7px; background: $surface; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 4px solid $ink; }
QCheckBox:disabled { color: $faint; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $edge; border-radius: 3px; background: $surface; }
QCheckBox::indicator:checked { background: $ink; border-color: $ink; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $border; }

QFrame#segments { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QFrame#segments QPushButton { border: 1px solid transparent; border-radius: 5px; color: $muted;
  background: transparent; padding: 4px 12px; }
QFrame#segments QPushButton:hover { color: $text; background: $hover; }
QFrame#segments QPushButton:checked { background: $ink; color: $on_ink; font-weight: 600; }
QFrame#segments QPushButton:focus { border: 2px solid $a; padding: 3px 11px; }
QFrame#segments QPushButton:disabled { color: $faint; }
QFrame#segments QPushButton:checked:disabled { background: $border; color: $muted; }
QFrame#rounds { background: transparent; border: none; }
QFrame#rounds QPushButton { border: 1px solid transparent; border-radius: 4px; color: $muted; background: transparent;
  padding: 1px 7px; min-height: ${low}px; }
QFrame#rounds QPushButton:checked { background: $select; color: $text; font-weight: 600; }
QFrame#rounds QPushButton:focus { border: 2px solid $a; padding: 0 6px; }

QPushButton#tab { border: none; border-bottom: 2px solid transparent; border-radius: 0; background: transparent;
  color: $muted; padding: 7px 9px 6px 9px; }
QPushButton#tab:hover { color: $text; }
QPushButton#tab:checked { color: $text; border-bottom: 2px solid $text; font-weight: 600; }
QPushButton#tab:focus { border: 2px solid $a; border-radius: 4px; padding: 5px 7px 6px 7px; color: $text; }
QPushButton#tab[tone="warn"] { color: $warn; }
QPushButton#tab[tone="bad"] { color: $bad; }
QToolButton#rail { border: 1px solid transparent; border-radius: 8px; background: transparent; color: $muted;
  padding: 4px; }
QToolButton#rail:hover { background: $hover; color: $text; }
QToolButton#rail:checked { background: $select; color: $text; font-weight: 600; }
QToolButton#rail:focus { border: 2px solid $a; padding: 3px; }

QHeaderView { background: $surface; border: none; }
QHeaderView::section { font-size: ${small_pt}pt; background: $surface; color: $muted; border: none;
  border-bottom: 1px solid $border;
  padding: 5px 6px; }
QHeaderView[low="true"]::section { padding: 1px 6px; }
QTableView { background: $surface; border: 2px solid transparent; outline: 0; gridline-color: transparent;
  selection-background-color: $select; selection-color: $text; }
QTreeView, QListView { background: transparent; border: 2px solid transparent; outline: 0; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 2px solid $a; border-radius: 4px; }
QSplitter::handle { background: $border; }
QSplitter#wide::handle { background: transparent; }
QScrollArea { border: none; background: transparent; }
QScrollArea:focus, QScrollArea#plainPage:focus { border: 2px solid $a; border-radius: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 1px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QStatusBar { background: $window; }
""")

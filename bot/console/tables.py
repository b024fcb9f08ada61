"""A table as the page shows it and as a spreadsheet takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "word", "number", "share", "decimal", "day"]
_BOM = "\ufeff"
# What a spreadsheet would calculate with (OWASP, CSV Injection): also in full width, and behind what it skips.
_FORMULA = "=+-@\t\r\n|%＝＋－＠"


@dataclass(frozen=True, slots=True)
class Column:
    """`code` is the heading's word. Kinds: text as it is; a word of the catalogues, after `prefix`; a whole number; a
    share 0..1; a decimal; a day.
    """

    code: str
    kind: Kind = "number"
    prefix: str = ""
    named: tuple[str, ...] = ()
    """Texts that are words all the same: (product link) is said in the reader's language."""

    def word(self, value: object) -> str:
        """The code of a value that is a word."""
        return self.prefix + str(value).strip("()").replace("_", "-").replace(" ", "-")

    def is_word(self, value: object) -> bool:
        """Whether a value is said in the reader's language."""
        return self.kind == "word" or value in self.named


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one value a column; None where there is none. `name` is its address, and its heading's word."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]


def to_csv(table: Table, say: Callable[[str], str]) -> bytes:
    """The table for a spreadsheet: UTF-8 with its mark, headings and words in the reader's language, numbers plain.

    No cell of text begins as a formula does.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(say(column.code)) for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value, column, say) for value, column in zip(row, table.columns, strict=True)])
    return (_BOM + text.getvalue()).encode()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u3000\u00a0\u200b\ufeff\"'")[:1] in tuple(_FORMULA) else text


def _cell(value: Any, column: Column, say: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if column.is_word(value):
        return harmless(say(column.word(value)))
    match column.kind:
        case "text" | "day":
            return harmless(str(value))
        case "number":
            return str(int(value))
    return f"{value:.4f}"

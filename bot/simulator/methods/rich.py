"""sendRichMessage, as far as it is served here: paragraphs and tables, with plain words in them."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.methods.outgoing import send, writable_chat
from bot.simulator.store import Store

MAX_RICH = 32768
MAX_COLUMNS = 20
_ALIGN = frozenset({"left", "center", "right"})
_VALIGN = frozenset({"top", "middle", "bottom"})


def send_rich_message(store: Store, arguments: Arguments) -> dict[str, Any]:
    """A message of blocks; one given as HTML or Markdown is refused here."""
    writable_chat(store, arguments)
    given = arguments.json("rich_message", "can't parse rich message JSON object")
    blocks = given.get("blocks") if isinstance(given, dict) else None
    if not isinstance(blocks, list) or not blocks:
        raise bad_request("can't parse InputRichMessage: only blocks are served here")
    kept = [_block(block) for block in blocks]
    if sum(map(_length, kept)) > MAX_RICH:
        raise bad_request("rich message is too long")
    return send(store, arguments, {"rich_message": {"blocks": kept}})


def _block(block: Any) -> dict[str, Any]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "paragraph":
        return {"type": kind, "text": _text(block.get("text"))}
    if kind == "table":
        return _table(block)
    raise bad_request(f"can't parse InputRichBlock: blocks of type {kind} are not served here")


def _table(block: dict[str, Any]) -> dict[str, Any]:
    rows = block.get("cells")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise bad_request("table cells are not specified")
    if max(map(len, rows)) > MAX_COLUMNS:
        raise bad_request("table has too many columns")
    marks = {name: True for name in ("is_bordered", "is_striped", "is_compact") if block.get(name)}
    return {"type": "table", "cells": [[_cell(cell) for cell in row] for row in rows], **marks}


def _cell(cell: Any) -> dict[str, Any]:
    if not isinstance(cell, dict) or cell.get("align") not in _ALIGN or cell.get("valign") not in _VALIGN:
        raise bad_request("can't parse table cell: align and valign must be specified")
    kept: dict[str, Any] = {"align": cell["align"], "valign": cell["valign"]}
    if cell.get("text"):
        kept["text"] = _text(cell["text"])
    return {**kept, **({"is_header": True} if cell.get("is_header") else {})}


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise bad_request("can't parse RichText: only plain strings are served here")
    return text


def _length(block: dict[str, Any]) -> int:
    return len(plain_text({"blocks": [block]}))


def plain_text(rich: dict[str, Any]) -> str:
    """What a rich message says, without its form: a line a paragraph and a line a row."""
    lines = []
    for block in rich["blocks"]:
        if block["type"] == "table":
            lines += [" | ".join(cell.get("text", "") for cell in row) for row in block["cells"]]
        else:
            lines.append(block["text"])
    return "\n".join(lines)


METHODS = {"sendRichMessage": send_rich_message}

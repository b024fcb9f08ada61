"""What is told to a shopper about a case, or to the owner, without an update that caused it: rows for the outbox.

Runs in the database's thread, inside the commit that decides on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.reply import Attachment, Line, Option, Reply
from bot.reply_json import dump_reply
from bot.spoken import spoken_language
from storage.cases import Case
from storage.records import Language
from storage.shop import Shop


def tell(
    shop: Shop,
    case: Case,
    event: str,
    lines: Sequence[Line],
    at: datetime,
    *,
    key: str,
    facts: Mapping[str, Any] | None = None,
    options: Sequence[Option] = (),
) -> None:
    """Tells the shopper that something became of the case, and notes it; a known `key` changes nothing."""
    body = letter(spoken_language(shop, case.user_id, case.language), lines, options)
    outbox_id = shop.outbox.put(key, case.chat_id, body, at, user_id=case.user_id, case_id=case.id)
    if outbox_id is not None:
        shop.case_talk.noted(case.id, event, at, facts, outbox_id=outbox_id)


def count_handoff(shop: Shop, turn_id: int) -> None:
    """Counts the case in the conversation of a turn."""
    if conversation_id := shop.conversations.of_turn(turn_id):
        shop.conversations.handed_off(conversation_id)


def tell_owner(shop: Shop, chat_id: int, line: Line, case: Case, at: datetime) -> None:
    """Warns the owner; the row goes with the case. Says nothing of the shopper."""
    language = shop.shoppers.language(chat_id) or "en"
    shop.outbox.put(f"{line.code}:{case.id}", chat_id, letter(language, (line,)), at, case_id=case.id)


def letter(
    language: Language,
    lines: Sequence[Line],
    options: Sequence[Option] = (),
    attachments: Sequence[Attachment] = (),
) -> str:
    """The body of an outbox row."""
    reply = Reply(0, language, tuple(lines), options=tuple(options), attachments=tuple(attachments))
    return dump_reply(reply)

"""A shopper's message as a reviewer reads it: with what the model read, the answer, and the talk before it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from bot.reply import Line
from bot.reply_json import load_reply
from bot.understanding.screen import context_for
from bot.wording import Wording
from storage import codec, instants
from storage.database import row, rows
from storage.records import Context, Language, Understanding
from storage.shop import Shop

log = logging.getLogger(__name__)
_PAGE_WITHIN = 30  # turns back in which the page on the screen is looked for
_CARDS = 5

REVIEWED = "turns.understanding IS NOT NULL AND turns.text <> '' AND turns.understanding ->> 'text' <> ''"
"""What can be reviewed: words that were read. Buttons and commands have none."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was read. `conversation_id` is 0 for one outside any conversation."""

    turn_id: int
    user_id: int
    conversation_id: int
    text: str
    said_at: datetime
    source: str
    read: Understanding
    degraded: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing said in the talk, by the shopper or (`bot`) by us."""

    turn_id: int
    bot: bool
    text: str
    at: datetime
    cards: tuple[str, ...] = ()


def message(shop: Shop, turn_id: int) -> Said | None:
    """A message that can be reviewed; None for what does not exist or was never read."""
    found = row(shop.db, f"SELECT * FROM turns WHERE id = ? AND {REVIEWED}", [turn_id])
    if found is None:
        return None
    return Said(
        turn_id=turn_id,
        user_id=found["user_id"],
        conversation_id=found["conversation_id"] or 0,
        text=found["text"],
        said_at=instants.from_text(found["said_at"]),
        source=found["source"],
        read=codec.understanding_from_text(found["understanding"]),
        degraded=bool(found["degraded"]),
    )


def context_of(shop: Shop, user_id: int, turn_id: int) -> Context:
    """What the message was read against: the bot's last question, and how many cards were on the screen."""
    before = row(
        shop.db,
        """SELECT need ->> 'asked' AS asked FROM turns
        WHERE user_id = ? AND id < ? AND answered_at IS NOT NULL ORDER BY id DESC LIMIT 1""",
        [user_id, turn_id],
    )
    page = row(
        shop.db,
        f"""SELECT shown FROM (SELECT id, shown, cleared FROM turns WHERE user_id = ? AND id < ? ORDER BY id DESC
        LIMIT {_PAGE_WITHIN}) WHERE shown > 0 OR cleared ORDER BY id DESC LIMIT 1""",
        [user_id, turn_id],
    )
    return context_for(before["asked"] if before else None, page["shown"] if page else 0)


def talk(shop: Shop, wording: Wording, said: Said, language: Language, before: int = 3) -> list[Bubble]:
    """The last turns of this shopper before a message, and the answer to it at the end; oldest first. `language` is
    that of whoever reads it: buttons are named in it.
    """
    found = rows(
        shop.db,
        "SELECT id, text, said_at, answered_at, reply, source FROM turns WHERE user_id = ? AND id <= ? "
        "ORDER BY id DESC LIMIT ?",
        [said.user_id, said.turn_id, before + 1],
    )
    bubbles = []
    for turn in reversed(found):
        if turn["text"] and turn["id"] != said.turn_id:
            bubbles.append(Bubble(turn["id"], False, turn["text"], instants.from_text(turn["said_at"])))
        elif turn["source"].startswith("button:"):
            named = wording.say(Line("console-tapped", {"button": turn["source"].removeprefix("button:")}), language)
            bubbles.append(Bubble(turn["id"], False, named, instants.from_text(turn["said_at"])))
        if turn["answered_at"]:
            words, cards = answer_words(shop, wording, turn["id"], turn["reply"])
            bubbles.append(Bubble(turn["id"], True, words, instants.from_text(turn["answered_at"]), cards))
    return bubbles


def answer_words(shop: Shop, wording: Wording, turn_id: int, reply: str | None) -> tuple[str, tuple[str, ...]]:
    """What the bot said as the shopper read it, and the titles of its cards."""
    try:
        answer = load_reply(turn_id, reply or "", ())
        words = "\n".join(wording.say(line, answer.language) for line in answer.lines)
    except (ValueError, KeyError, TypeError, json.JSONDecodeError):
        log.warning("The reply of turn %d cannot be read by this version", turn_id)
        return "", ()
    titles = rows(
        shop.db,
        """SELECT products.title, products.title_zh FROM impressions JOIN products ON products.id = product_id
        WHERE turn_id = ? AND position > 0 ORDER BY position LIMIT ?""",
        [turn_id, _CARDS],
    )
    chinese = answer.language == "zh"
    return words, tuple((card["title_zh"] if chinese else "") or card["title"] for card in titles)

"""What a person who takes a case wants to know at a glance: orders, and what the bot tried. From the records
alone, in the reader's language; numbers of orders are masked as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.console.visit import Visit
from bot.privacy.plain import MASK
from bot.reply import Line
from bot.reply_json import load_reply
from bot.stumbling import BEYOND, STUMBLES
from storage.shop import Shop
from storage.transcripts import TurnRecord

_ORDERS, _TRIED = 5, 6
_QUOTED = frozenset({"policy-says"})
_SENT = frozenset({"request-sent"})


def orders_beside(shop: Shop, user_id: int, visit: Visit, seen: bool) -> tuple[Line, ...]:
    """The shopper's own orders and where they stand, the newest first."""
    zone = visit.desk.clock().tzinfo
    return tuple(
        Line(
            "order-status",
            {
                "number": order.number if seen else MASK * len(order.number),
                "status": str(order.status),
                "day": order.placed_at.astimezone(zone).date(),
            },
        )
        for order in shop.orders.of(user_id, _ORDERS)
    )


def tried(turns: Sequence[TurnRecord]) -> tuple[Line, ...]:
    """What the shopper asked for lately, and what came of it, the newest last."""
    told = [_told(turn) for turn in turns if turn.understanding and turn.reply_json]
    return tuple(told[-_TRIED:])


def _told(turn: TurnRecord) -> Line:
    assert turn.understanding is not None
    reply = load_reply(turn.turn.id, turn.reply_json, ())
    codes = {line.code for line in reply.lines}
    outcome = next((name for name, held in _OUTCOMES if codes & held), "answered")
    return Line(f"console-tried-{outcome}", {"intent": Line(_intent_code(turn.understanding.intent.value))})


_OUTCOMES = (("sent", _SENT), ("unable", BEYOND), ("lost", STUMBLES), ("quoted", _QUOTED))


def _intent_code(intent: str) -> str:
    return f"console-intent-{intent.replace('_', '-')}"

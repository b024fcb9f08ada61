"""A shopper of whom every store holds something that nobody else may see: for tests that count, erase and swap ids.

    secret = settle(shop, 7_123_456_789)       # every table of storage/personal.py has a row of theirs now

The secret stands wherever free text is kept; `user_id` itself is one, too.
"""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from bot.reply import Line, Reply
from bot.reply_json import dump_reply
from storage.case_files import folder_of, write_file
from storage.cases import CaseReason, Outcome
from storage.orders import Order, OrderLine, OrderStatus
from storage.preferences import Preference, Stance
from storage.records import (
    Feedback,
    Intent,
    Need,
    Product,
    Reaction,
    Recommendation,
    Slate,
    Stage,
    Taste,
    Turn,
    Understanding,
    Update,
)
from storage.tickets import TicketKind

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "a surprise for Wilhelmina"
_updates = count(1_000_000)


def secret_of(user_id):
    return f"{SECRET} {user_id}"


def products_of():
    return [
        Product(f"kept-{n}", "Kept lamp", Decimal("39.90"), "USD", category="lamps", stock=5, colors=("red",))
        for n in range(4)
    ]


def settle(shop, user_id, language="en"):
    """Fills every store with something of the shopper's; their secret."""
    said, products = secret_of(user_id), products_of()
    shop.catalogue.upsert(products)
    turn, shown = _talk(shop, user_id, said, products, language)
    _reactions(shop, user_id, turn, shown, said)
    case = _case(shop, user_id, turn, said, language)
    shop.cart.add(user_id, products[0], AT, color="", size="", quantity=1, impression_id=shown[0].id)
    shop.cart.shown(user_id, turn.id)
    shop.saved.add(user_id, products[1], shown[1].id, AT)
    line = OrderLine("kept-0", f"Lamp, {said}", "", 1, products[0].price)
    shop.orders.add(Order(number_of(user_id), user_id, OrderStatus.PLACED, AT, "USD", line.unit_price, (line,)))
    shop.order_links.link(user_id, "wrong", AT)
    shop.tickets.add(user_id, user_id, TicketKind.RETURN, f"about {said}", "Ana", AT, case_id=case.id)
    return said


def number_of(user_id):
    """The number of the shopper's order."""
    return f"SB-{user_id}"


def _talk(shop, user_id, said, products, language):
    update_id = next(_updates)
    turn = shop.transcripts.begin(Turn(update_id, user_id, user_id, said, AT, language))
    items = tuple(
        Recommendation(product, place, 0.9 - place / 10, {"lexical": 1 / place}, {"lexical": 0.1})
        for place, product in enumerate(products, start=1)
    )
    read = Understanding(said, language, Intent.SEARCH, 0.9, ((Intent.SEARCH, 0.9),), Stage.BROWSE, model="m2")
    shown = shop.transcripts.finish(
        turn.id,
        understanding=read,
        need=Need(query=said, language=language),
        slate=Slate(items, "minilm-1", "thompson", 42, 3, admitted=4, timings={"dense": 1.5}),
        reply=dump_reply(Reply(turn.id, language, (Line("found-inspire"),))),
        timings={"understand": 2.5},
        versions={"model": "m1"},
        degraded=False,
    )
    body = {"update_id": update_id, "message": {"from": {"id": user_id}, "text": said}}
    shop.second_readings.put(turn.id, read, 4.0)
    shop.inbox.add([Update(update_id, user_id, json.dumps(body), AT)])
    shop.inbox.finish(update_id, "answered")
    shop.inbox.report(json.dumps({"from": user_id, "text": said, "bad": True}), "malformed")
    shop.sent.record(update_id, 0, user_id, 900, "header", turn.id)
    shop.sent.record(next(_updates), 0, user_id, 901, "text")
    return turn, shown


def _reactions(shop, user_id, turn, shown, said):
    shop.feedback.add(Feedback(shown[0].id, user_id, Reaction.LIKE, AT))
    shop.feedback.add(Feedback(shown[0].id, user_id, Reaction.DISLIKE, AT + timedelta(seconds=1)))
    shop.tastes.put(Taste(user_id, ("a",), (1.0,), (0.5,)))
    shop.spending.reserve(AT.date(), user_id, 100, shopper_limit=1_000, day_limit=10_000)
    shop.shoppers.see(user_id, turn.language, AT)
    shop.shoppers.set_start_payload(user_id, f"ref_{user_id}")
    shop.preferences.agree(user_id, True)
    shop.preferences.keep(user_id, Preference(Stance.LIKE, "brand", f"brand {user_id}", said), AT)
    shop.campaigns.visit(user_id, f"ref_{user_id}", AT)


def _case(shop, user_id, turn, said, language):
    """A case that was served and is over, with words and files both ways: the bot has the talk again, nothing waits to
    be sent.
    """
    case, _ = shop.cases.open(user_id, user_id, language, CaseReason.ASKED, AT, turn.id)
    shop.case_talk.heard(case.id, turn.id, AT)
    said_id = shop.outbox.put(f"said:{user_id}", user_id, f"about {said}", AT, user_id=user_id, case_id=case.id)
    shop.case_talk.said(case.id, "Ana", f"about {said}", AT, outbox_id=said_id)
    alert_id = shop.outbox.put(f"alert {case.id}", 2, "a shopper waits", AT, case_id=case.id)
    names = [write_file(folder_of(shop.db), f"{what} {said}".encode()) for what in ("picture of", "label for")]
    shop.case_files.add(user_id, case.id, names[0], "image/png", said, size=9, at=AT, turn_id=turn.id)
    by_staff = shop.case_files.add(user_id, case.id, names[1], "image/png", "", size=9, at=AT)
    file_id = shop.outbox.put(f"file:{user_id}", user_id, "{}", AT, user_id=user_id, case_id=case.id, file_id=by_staff)
    for message_id, outbox_id in enumerate((said_id, alert_id, file_id), start=902):
        shop.outbox.sent(outbox_id, message_id, AT)
    shop.cases.take(case.id, "Ana", AT)
    shop.cases.close(case.id, Outcome.SOLVED, AT)
    return case

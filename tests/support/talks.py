"""Talks in a shop, stored as the bot stores them, for tests of what staff read.

talker = Talker(shop)                                    # the writer's Shop
turn = talker.says("a red dress", shown=3)               # understood, answered, three cards
talker.says("你好", language="zh", intent=Intent.GREET, minutes=200)
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from bot.reply import Chip, Line, Reply
from bot.reply_json import dump_reply
from storage.records import (
    Intent,
    Need,
    PriceRange,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    Slate,
    Slot,
    SlotName,
    Stage,
    Turn,
    Understanding,
    Wish,
)

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
IDEAS = (Line("found-inspire"),)
FEATURES = ("text_lexical", "price_fit", "rating", "season")


def dress(number, **changed):
    """A demo product, so that it has a picture."""
    fields = {"image_url": f"demo:{number}", "title_zh": f"亚麻连衣裙 {number}", "brand": "Larkhill", "currency": "USD"}
    fields |= {
        "title": f"Larkhill linen dress {number}",
        "category": "dresses",
        "colors": ("red",),
        "stock": 5,
        "price": Decimal("39.90"),
    }
    return Product(f"dress-{number}", **(fields | changed))


class Talker:
    """One shopper at a time says something; what they were shown are dresses."""

    def __init__(self, shop):
        self.shop, self._numbers = shop, count(1)
        self.products = [dress(number) for number in range(1, 6)]
        shop.catalogue.upsert(self.products)

    def says(
        self,
        text,
        minutes=0,
        user_id=7_123_456_789,
        language="en",
        intent=Intent.SEARCH,
        confidence=0.9,
        slots=(),
        shown=0,
        answered=True,
        lines=IDEAS,
        source="text",
        reply=None,
        written=None,
        **changed,
    ):
        """A turn after so many minutes since the start, with its answer; `slots` are (name, words) or (name, words,
        True) where these are not wanted.
        """
        number = next(self._numbers)
        said_at = START + timedelta(minutes=minutes, seconds=number)
        turn = self.shop.transcripts.begin(Turn(number, user_id, user_id, text, said_at, language, source))
        if not answered:
            return turn
        found = tuple(_slot(text, *slot) for slot in slots)
        top = ((intent, confidence), (Intent.REFINE, (1 - confidence) / 2), (Intent.HELP, (1 - confidence) / 4))
        model = "button" if source.startswith("button:") and not text else "lora-1"
        said = Understanding(text, language, intent, confidence, top, Stage.BROWSE, slots=found, model=model)
        wishes = tuple(Wish(slot.name, slot.value, slot.text, slot.negated) for slot in found)
        chips = tuple(Chip(f"w{at}", Line("chip-value", {"value": slot.text})) for at, slot in enumerate(found))
        self.shop.transcripts.finish(
            turn.id,
            understanding=said,
            need=Need(language=language, wishes=wishes, price=PriceRange(max=Decimal(60), currency="USD")),
            slate=self.slate(shown) if shown else None,
            reply=reply or dump_reply(Reply(turn.id, language, tuple(lines), chips, written=written or {})),
            timings={"recall": 2.5, "understand": 11.2, "search": 31.0, "dense": 1.9},
            versions={"understander": "lora-1", "index": "minilm-1"},
            **({"degraded": False} | changed),
        )
        return turn

    def slate(self, shown):
        """The first dresses as a page, the others as candidates that came next."""
        return Slate(
            tuple(_item(product, place, shown) for place, product in enumerate(self.products, start=1)),
            *("minilm-1", "thompson", 42, 3),
            admitted=120,
        )


def _item(product, place, shown):
    return Recommendation(
        product=product,
        position=place if place <= shown else 0,
        score=1 - place / 10,
        features=dict.fromkeys(FEATURES, 0.5),
        parts={"text_lexical": 0.6 - place / 10, "price_fit": 0.3, "rating": 0.2, "season": -0.1},
        reasons=(Reason(ReasonCode.WITHIN_BUDGET, {"price": product.price, "limit": Decimal(60), "currency": "USD"}),),
        propensity=0.25 if place <= shown else None,
    )


def _slot(text, name, words, negated=False):
    start = text.index(words)
    return Slot(SlotName(name), words, words, start, start + len(words), negated)

"""Shoppers' messages in a data folder, read by a model of the test's choice, for staff to review.

with Talks(folder) as talks:
    turn = talks.says("a red dress", "search 0.5 refine 0.4", "color=red category=dress")
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from bot.reply import Line, Reply
from bot.reply_json import dump_reply
from storage import instants
from storage.records import (
    DEFAULT_STAGE,
    Feedback,
    Intent,
    Need,
    Product,
    Reaction,
    Recommendation,
    Slate,
    Slot,
    SlotName,
    Turn,
    Understanding,
)
from storage.shop import Shop

MODEL = "lora-1"
_updates = count(5_000)


class Talks:
    """One shopper after another; each message is a minute after the one before."""

    def __init__(self, folder):
        self.shop = Shop.open(folder)
        self._at = instants.now() - timedelta(hours=6)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shop.close()

    def says(
        self, text, read="search 0.9", slots="", user=7, *, degraded=False, asked=None, answer="help", cards=False
    ):
        """The id of the turn. `read`: intents with their chances; `slots`: kind=words, ! before what is not wanted."""
        self._at += timedelta(minutes=1)
        language = "zh" if any("一" <= sign <= "鿿" for sign in text) else "en"
        turn = self.shop.transcripts.begin(Turn(next(_updates), user, user, text, self._at, language))
        self.shop.transcripts.finish(
            turn.id,
            understanding=understood(text, language, read, slots),
            need=Need(query=text, language=language, asked=asked),
            slate=self._slate() if cards else None,
            reply=dump_reply(Reply(turn.id, language, (Line(answer),))),
            timings={"understand": 2.5},
            versions={"understander": MODEL},
            degraded=degraded,
        )
        return turn.id

    def dislikes(self, turn):
        """A thumbs-down on the first card of a turn's page."""
        card = self.shop.transcripts.page(turn)[0]
        user = self.shop.db.execute("SELECT user_id FROM turns WHERE id = ?", [turn]).fetchone()[0]
        self.shop.feedback.add(Feedback(card.id, user, Reaction.DISLIKE, instants.now()))

    def _slate(self):
        product = Product(id="p1", title="Red linen dress", price=Decimal("39.90"), currency="USD")
        self.shop.catalogue.upsert([product])
        item = Recommendation(product, 1, 0.9, {"lexical": 1.0}, {"lexical": 0.9})
        return Slate((item,), "minilm-1", "thompson", 42, 3, admitted=1)


def understood(text, language, read, slots=""):
    """What a model read, from a short note."""
    words = read.split()
    top = tuple((Intent(words[at]), float(words[at + 1])) for at in range(0, len(words), 2))
    return Understanding(
        text=text,
        language=language,
        intent=top[0][0],
        confidence=top[0][1],
        top=top,
        stage=DEFAULT_STAGE[top[0][0]],
        slots=tuple(_slot(text, each) for each in slots.split()),
        model=MODEL,
    )


def _slot(text, note):
    name, _, words = note.partition("=")
    words, negated = words.removeprefix("!").replace("_", " "), words.startswith("!")
    start = text.index(words)
    return Slot(SlotName(name), words, words, start, start + len(words), negated)

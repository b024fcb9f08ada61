"""A shop whose talk tests write themselves, turn by turn, through the stores that the bot writes through.

with Talk(folder) as talk:
    shown = talk.turn("red dress", user=1, cards=2)
    talk.react(shown, 0, Reaction.LIKE)
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from storage import instants
from storage.records import (
    DEFAULT_STAGE,
    Feedback,
    Intent,
    Need,
    Product,
    Recommendation,
    Slate,
    Turn,
    Understanding,
)
from storage.shop import Shop

NOON = datetime.now(UTC) - timedelta(minutes=1)


class Talk:
    """Writes as the bot does."""

    def __init__(self, folder):
        self.shop = Shop.open(folder)
        self.shop.catalogue.upsert(
            [Product(f"demo-{n}", f"Lamp {n}", Decimal(20 + n), "USD", stock=5, sponsored=n == 2) for n in range(4)]
        )
        self._updates = 10**6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shop.close()

    def turn(
        self, text, *, user, intent=Intent.SEARCH, cards=0, admitted=None, confidence=0.93, degraded=False,
        source="text", language="en", at=None, sponsored=False,
    ):  # fmt: skip
        """A turn that was said and answered; its recommendations."""
        self._updates += 1
        at = at or instants.now()
        said = Turn(self._updates, user, user, text, at, language, source)
        turn = self.shop.transcripts.begin(said)
        understanding = Understanding(
            text=text, language=language, intent=intent, confidence=confidence, top=((intent, confidence),),
            stage=DEFAULT_STAGE[intent], model="tiny-1" if source == "text" else "button",
        )  # fmt: skip
        products = self.shop.catalogue.get([f"demo-{n}" for n in range(cards)])
        items = tuple(
            Recommendation(
                product, number, 1.0, {"dense": 0.5, **({"sponsored": 1.0} if sponsored and number == 1 else {})}, {}
            )
            for number, product in enumerate(products.values(), start=1)
        )
        slate = None
        if cards or admitted is not None:
            slate = Slate(items, "index-1", "thompson", 1, 0, cards if admitted is None else admitted)
        return self.shop.transcripts.finish(
            turn.id, understanding=understanding, need=Need(language=language), slate=slate, reply="{}",
            timings={"understand": 12.0, "search": 30.0}, versions={}, degraded=degraded,
        )  # fmt: skip

    def react(self, shown, at, *reactions):
        """Reactions to a card of a turn."""
        owner = self.shop.db.execute("SELECT user_id FROM impressions WHERE id = ?", [shown[at].id]).fetchone()[0]
        for reaction in reactions:
            self.shop.feedback.add(Feedback(shown[at].id, owner, reaction, instants.now()))

    def campaign(self, user, payload):
        """The link that led a shopper here."""
        self.shop.db.execute(
            """INSERT INTO shoppers (user_id, start_payload, first_seen, last_seen) VALUES (?, ?, ?, ?)""",
            [user, payload, instants.to_text(NOON), instants.to_text(NOON)],
        )

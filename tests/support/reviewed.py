"""Talk in a shop's database and labels of it in the console's, as bot and staff leave them.

talk = Talking(folder)
turn = talk.says(7, "a red dress", Intent.SEARCH)             # and it was read as that
talk.label(turn, Intent.REFINE, slots=[("color", 2, 5)])      # staff say otherwise
"""

from datetime import UTC, datetime, timedelta
from itertools import count

from storage.console.database import ConsoleStore
from storage.console.labels import Label, Lane, SlotSpan, Verdict
from storage.records import DEFAULT_STAGE, Intent, Need, SlotName, Turn, Understanding
from storage.shop import Shop

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_updates = count(50_000)


class Talking:
    """Both databases of a data folder; `close` when done."""

    def __init__(self, folder):
        self.folder = folder
        self.shop = Shop.open(folder)
        self.store = ConsoleStore.open(folder)
        self.store.attach(folder)
        self.now = START

    def close(self):
        self.store.close()
        self.shop.close()

    def says(
        self, user, text, read=Intent.SEARCH, *, asked=None, confidence=0.9, at=None, model="understander-1", later=1
    ):
        """A message that was read and answered; the id of its turn. `asked` is what the bot asks afterwards."""
        self.now = at or self.now + timedelta(minutes=later)
        language = "en" if text.isascii() else "zh"
        turn = self.shop.transcripts.begin(Turn(next(_updates), user, user, text, self.now, language))
        said = Understanding(text, language, read, confidence, ((read, confidence),), DEFAULT_STAGE[read], model=model)
        self.shop.transcripts.finish(
            turn.id,
            understanding=said,
            need=Need(asked=asked),
            slate=None,
            reply="{}",
            timings={},
            versions={"understander": model},
            degraded=False,
        )
        return turn.id

    def label(self, turn, intent, *, slots=(), also=(), lane=Lane.WORTH, verdict=Verdict.WRONG, at=None):
        spans = tuple(SlotSpan(SlotName(name), start, end, *rest) for name, start, end, *rest in slots)
        label = Label(turn, verdict, intent, tuple(also), spans, by="ana", at=at or self.now, lane=lane)
        return self.store.labels.put(label, self.store.labels.version(turn))

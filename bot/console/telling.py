"""A stored turn as a page tells it: what was said with its marks, what was understood, answered, shown and decided.

What was stored by an older version, or names what is gone, is told as far as it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from bot.console.marking import Piece, pieces
from bot.console.pictures import can_show, has_picture
from bot.console.visit import Visit
from bot.reply import ALBUM, Attachment, Reply
from bot.reply_json import load_reply
from bot.summary import chips_of
from storage.conversations import BUTTON
from storage.product_rows import to_product
from storage.records import Intent, Language, Product, Reaction, Slot, SlotName
from storage.transcript_pages import Showing, TurnRead
from storage.transcripts import TurnRecord
from storage.turn_words import places_of

STAGES = ("recall", "understand", "search", "write", "record")
"""What a turn's time is made of; the other stages are parts of the search."""
_LEAST_PART = 0.02  # of the largest part of a score: smaller ones are not drawn


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: `share` (-1..1) is of the largest part among the candidates."""

    name: str
    value: float
    share: float
    feature: float


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate as it is told. `price` is the one it was shown at; `now` is set where it is another one today, and
    alone where that was not kept.
    """

    product: Product
    title: str
    position: int
    score: float
    propensity: float | None
    price: Decimal | None
    now: Decimal | None
    reasons: tuple[str, ...]
    written: str
    reactions: tuple[Reaction, ...]
    picture: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Album:
    """All pictures of an item, sent together: the name of each, "" for one that does not lie here."""

    product_id: str
    title: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shopper read; nothing where the bot kept silent for a person of the shop."""

    lines: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    edits_turn: int = 0
    readable: bool = True
    silent: bool = False
    albums: tuple[Album, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A turn for the page. `tapped` names the button where one was tapped; `top` holds the likeliest intents."""

    record: TurnRecord
    said: tuple[Piece, ...]
    tapped: str
    top: tuple[tuple[Intent, float], ...]
    answer: Answer | None
    cards: tuple[Card, ...]
    need: tuple[str, ...]
    stages: tuple[tuple[str, float, float], ...]
    inner: tuple[tuple[str, float], ...]
    slate: Mapping[str, object]

    @property
    def id(self) -> int:
        return self.record.turn.id

    @property
    def total(self) -> float:
        """Milliseconds of the whole turn."""
        return sum(took for _, took, _ in self.stages)

    @property
    def read(self) -> bool:
        """Whether a model read this message."""
        said = self.record.understanding
        return said is not None and said.model != BUTTON


class Teller:
    """Tells the turns of one conversation to one visitor.

    Args:
        words: what the page was found by; marked in what was said.
    """

    def __init__(self, visit: Visit, conversation_id: int, words: Sequence[str] = ()) -> None:
        self._visit, self._conversation_id, self._words = visit, conversation_id, words
        self._wording = visit.desk.wording

    def told(self, read: TurnRead, *, parts: bool = False) -> Told:
        """One turn; `parts` draws the scores of its candidates."""
        record = read.record
        turn, said = record.turn, record.understanding
        reply = _reply(record)
        language = reply.language if reply else turn.language
        stages = [(stage, record.timings[stage]) for stage in STAGES if stage in record.timings]
        longest = max((took for _, took in stages), default=0.0) or 1.0
        return Told(
            record=record,
            said=self._said(turn.text, said.slots if said else ()),
            tapped=turn.source.removeprefix("button:") if turn.source.startswith("button:") else "",
            top=said.top[:3] if said and said.model != BUTTON else (),
            answer=self._answer(record, reply),
            cards=self._cards(read, reply, language, parts=parts),
            need=self._need(record),
            stages=tuple((stage, took, took / longest) for stage, took in stages),
            inner=tuple((name, took) for name, took in record.timings.items() if name not in STAGES),
            slate=read.slate,
        )

    def masked(self, text: str) -> str:
        return self._visit.masked(text, self._conversation_id)

    def _said(self, text: str, slots: Sequence[Slot]) -> tuple[Piece, ...]:
        hits = places_of(text, self._words) if self._words else ()
        return pieces(self.masked(text), slots, hits)

    def _answer(self, record: TurnRecord, reply: Reply | None) -> Answer | None:
        if record.answered_at is None:
            return None
        if reply is None:
            return Answer(readable=False)
        lines, chips, options = (
            tuple(self.masked(self._wording.say(line, reply.language)) for line in said)
            for said in (reply.lines, [c.label for c in reply.chips], [o.label for o in reply.options])
        )
        albums = tuple(_album(each, reply.language) for each in reply.attachments if each.kind == ALBUM)
        return Answer(lines, chips, options, reply.edits_turn, silent=reply.silent, albums=albums)

    def _need(self, record: TurnRecord) -> tuple[str, ...]:
        """The need after the turn, part by part, in the reader's language."""
        need, language = record.need, self._visit.language
        if need is None:
            return ()
        anchor = self._visit.desk.shop.catalogue.get([need.like_product]) if need.like_product else {}
        title = next((product.title_in(language) for product in anchor.values()), need.like_product)
        chips = chips_of(need, self._visit.desk.vocabulary(), language, title)
        return tuple(self.masked(self._wording.say(chip.label, language)) for chip in chips)

    def _cards(self, read: TurnRead, reply: Reply | None, language: Language, *, parts: bool) -> tuple[Card, ...]:
        values = [abs(value) for each in read.showings for value in each.recommendation.parts.values()]
        largest = max(values, default=0.0) or 1.0
        return tuple(self._card(each, reply, language, largest if parts else 0.0) for each in read.showings)

    def _card(self, each: Showing, reply: Reply | None, language: Language, largest: float) -> Card:
        item, product = each.recommendation, each.recommendation.product
        # A card's reasons in the shopper's words; those of candidates that nobody saw in the reader's.
        spoken = language if each.shown else self._visit.language
        return Card(
            product=product,
            title=product.title_in(spoken),
            position=item.position,
            score=item.score,
            propensity=item.propensity,
            price=each.price,
            now=product.price if (each.price, each.currency) != (product.price, product.currency) else None,
            reasons=tuple(self.masked(self._wording.reason(reason, spoken)) for reason in item.reasons),
            written=reply.written.get(item.position, "") if reply and each.shown else "",
            reactions=each.reactions,
            picture=has_picture(product),
            parts=tuple(_parts(each, largest)) if largest else (),
        )


def _reply(record: TurnRecord) -> Reply | None:
    """The stored reply; None for one that this version cannot read."""
    try:
        return load_reply(record.turn.id, record.reply_json, ()) if record.reply_json else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _album(attachment: Attachment, language: Language) -> Album:
    product = to_product(attachment.facts["product"])
    pictures = tuple(picture if can_show(picture) else "" for picture in product.gallery)
    return Album(product.id, product.title_in(language), pictures)


def _parts(each: Showing, largest: float) -> list[Part]:
    item = each.recommendation
    found = [
        Part(name, value, value / largest, item.features.get(name, 0.0))
        for name, value in item.parts.items()
        if abs(value) >= _LEAST_PART * largest
    ]
    return sorted(found, key=lambda part: -abs(part.value))


def kinds_of(turns: Sequence[Told]) -> tuple[SlotName, ...]:
    """The kinds of slot that are marked on a page, for its legend."""
    found = sorted({piece.slot for turn in turns for piece in turn.said if isinstance(piece.slot, SlotName)})
    return tuple(kind for kind, _ in groupby(found))

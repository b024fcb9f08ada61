"""The pages that a shopper was shown in this conversation, to be leafed through: back and on again.

A page that is shown again is drawn from the catalogue as it is now, with its own wish; what was withdrawn since is left
out, and so are reasons whose figures may have changed. Runs in the database's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.page_log import Leaf
from storage.records import Need, Reason, ReasonCode, Recommendation, Slate
from storage.shop import Shop

AGAIN = "again"
"""The policy of a page that is shown again: nobody chose it anew."""
_LASTING = frozenset(
    {
        ReasonCode.MATCHES_WORDS,
        ReasonCode.MATCHES_MEANING,
        ReasonCode.HAS_WISH,
        ReasonCode.LIKE_PRODUCT,
        ReasonCode.LOOKS_ALIKE,
        ReasonCode.LIKE_SESSION,
        ReasonCode.OFF_LIMIT,
        ReasonCode.SPONSORED,
    }
)


@dataclass(frozen=True, slots=True)
class Spread:
    """A page to show again, with its wish, and whether others lie before and behind it."""

    need: Need
    cards: tuple[Recommendation, ...]
    first: bool
    last: bool

    def slate(self, seed: int) -> Slate:
        """The page as it is to be recorded."""
        count = len(self.cards)
        return Slate(self.cards, index_version="", policy=AGAIN, seed=seed, taste_version=0, admitted=count)


def leaf(shop: Shop, user_id: int, turn_id: int, step: int) -> Spread | None:
    """The page one `step` (-1 or 1) from that of a turn, or that itself (0); of turn 0, from the newest. None where
    there is none, or where the turn is not of this shopper's talk.
    """
    leaves = shop.page_log.leaves(user_id, turn_id)
    first = [each for each in leaves if each.policy != AGAIN]
    here = _place(leaves, first, turn_id)
    there = None if here is None else here + step
    while there is not None and 0 <= there < len(first):
        turn = first[there].turn_id
        cards = tuple(card for card in shop.page_log.shown(turn) if card.product.available)
        if cards:
            need = shop.transcripts.need(turn) or Need()
            return Spread(need, _anew(cards), first=there == 0, last=there == len(first) - 1)
        there = there + step if step else None
    return None


def shown_again(shop: Shop, user_id: int) -> bool:
    """Whether the page on screen is one that was shown before."""
    leaves = shop.page_log.leaves(user_id, limit=1)
    return bool(leaves) and leaves[-1].policy == AGAIN


def _place(leaves: Sequence[Leaf], first: Sequence[Leaf], turn_id: int) -> int | None:
    """Where the page of a turn stands among those shown for the first time; a repeated one, where it first did."""
    at = next((each for each in reversed(leaves) if turn_id in (0, each.turn_id)), None)
    if at is None:
        return None
    same = [place for place, each in enumerate(first) if each.turn_id == at.turn_id]
    again = [place for place, each in enumerate(first) if set(at.products) <= set(each.products)]
    return next(iter(same or reversed(again)), None)


def _anew(cards: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple(
        replace(card, position=place, id=0, propensity=1.0, reasons=_lasting(card))
        for place, card in enumerate(cards, start=1)
    )


def _lasting(card: Recommendation) -> tuple[Reason, ...]:
    return tuple(why for why in card.reasons if why.code in _LASTING)

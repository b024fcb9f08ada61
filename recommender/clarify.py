"""When to ask instead of guessing: the one question whose answer tells most about which candidate is wanted.

    question = clarification(need, facts, scores, shown=page, page_size=3)

The candidates with the softmax of their scores are a belief about the one product the shopper has in mind. A question
about an attribute splits that belief; what the answer is worth is the mutual information of answer and product, in
bits, times the chance that a shopper can answer at all (the "20 questions" of product search: Zou and Kanoulas,
"Learning to ask: question-based sequential Bayesian product search", CIKM 2019). It is asked only where that helps
more than another page: where the expected belief in the page after the answer is well above that in the next page
without one. Pure: the same candidates give the same question; a question never takes the place of the cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from recommender.candidates import values_in
from recommender.ports import Facts
from recommender.price_bands import bands_of, inside
from recommender.prior import Matrix
from storage.records import Answer, Clarification, Need, PriceRange, SlotName

ANSWERABLE: Mapping[SlotName, float] = MappingProxyType(
    {
        SlotName.CATEGORY: 0.9,
        SlotName.AUDIENCE: 0.9,
        SlotName.PRICE: 0.8,
        SlotName.COLOR: 0.8,
        SlotName.SIZE: 0.6,
        SlotName.MATERIAL: 0.5,
        SlotName.BRAND: 0.5,
    }
)
"""How likely a shopper can say it: everybody knows whom a thing is for, few which material it should be of."""

MOST_ANSWERS = 6
TEMPERATURE = 0.03  # of the belief: a score that is this much lower makes a product e times less likely
_STILL_OPEN = 12.0  # products, by the perplexity of the belief: below that the pages themselves are quick enough
_LEAST_BITS = 0.7  # what the answer must tell, after the chance that there is one
_BETTER = 1.25  # times the belief in the next page, expected of the page after the answer
_COVERED = 0.5  # of the belief that the offered answers must cover: "other" is no answer
_UNKNOWN_LATER = 1e-6  # an unknown value passes a limit and ranks behind the known ones
_PARTS = 2  # a wish of more words and limits than this is not vague


@dataclass(frozen=True)
class _Split:
    """A way of asking about a slot: the answers, and how much of each candidate's belief goes to each, (n, answers).

    A row sums to 1 where the candidate's value is among the answers, to 0 where it is unknown or not offered.
    `unknown` marks the candidates of which the shop does not say: they pass whatever is answered, (n,).
    """

    slot: SlotName
    answers: tuple[Answer, ...]
    shares: Matrix
    unknown: np.ndarray[tuple[int], np.dtype[np.bool_]]


def clarification(
    need: Need, facts: Facts, scores: Matrix, shown: Sequence[int], page_size: int
) -> Clarification | None:
    """The best question about these candidates, None where a page helps more.

    Args:
        need: what is wanted so far; what it names or was asked about before is not asked.
        facts: of the candidates.
        scores: how well each fits, on the scale of the prior's scores, (n,).
        shown: rows on the page that goes with the question.
        page_size: places on the page after the answer.
    """
    if not vague(need) or len(facts.ids) <= 2 * page_size:
        return None
    belief = belief_in(scores)
    if perplexity(belief) < _STILL_OPEN:
        return None
    return max(
        (worth for split in _splits(need, facts) if (worth := _worth(split, belief, shown, page_size))),
        key=lambda worth: worth.bits,
        default=None,
    )


def vague(need: Need) -> bool:
    """Whether little was said: a few words or limits, no pattern and no order."""
    if need.like_product or need.ordered:
        return False
    limits = (need.price is not None) + (need.least_rating is not None)
    return _words(need.query) + sum(not wish.negated for wish in need.wishes) + limits <= _PARTS


def names_a_kind(need: Need) -> bool:
    """Whether the wish says what kind of thing it is for."""
    return any(wish.name is SlotName.CATEGORY and not wish.negated for wish in need.wishes)


def _words(query: str) -> int:
    """Words of a query; two Chinese characters count as one."""
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in query)
    return len("".join(" " if "\u4e00" <= c <= "\u9fff" else c for c in query).split()) + (chinese + 1) // 2


def belief_in(scores: Matrix) -> Matrix:
    """The chance of each candidate to be the wanted one, (n,): the softmax of the scores."""
    raised = np.exp((scores - scores.max()) / TEMPERATURE)
    belief: Matrix = raised / raised.sum()
    return belief


def perplexity(belief: Matrix) -> float:
    """Among how many equally likely products the belief is as undecided."""
    return float(2 ** _entropy(belief))


def _entropy(chances: Matrix) -> float:
    """In bits."""
    some = chances[chances > 0]
    return float(-(some * np.log2(some)).sum())


def _worth(split: _Split, belief: Matrix, shown: Sequence[int], page_size: int) -> Clarification | None:
    """The question with what it is worth; None where it says too little or another page helps as much."""
    weights = belief[:, None] * split.shares
    if weights.sum() < _COVERED or len(split.answers) < 2:
        return None
    willing = ANSWERABLE[split.slot]
    bits = willing * _information(split.shares, belief)
    after = _next_page(split, belief, shown, page_size)
    without = _top(_left(belief, shown), page_size)
    expected = willing * after + (1 - willing) * without
    if bits < _LEAST_BITS or expected < _BETTER * without:
        return None
    return Clarification(split.slot, split.answers, bits, expected - without)


def _information(shares: Matrix, belief: Matrix) -> float:
    """Mutual information of answer and product, in bits: H(answer) less H(answer | product), over those that answer."""
    answers = belief @ shares
    told = float(answers.sum())
    if told <= 0:
        return 0.0
    torn = -(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return told * _entropy(answers / told) - float(belief @ torn)


def _next_page(split: _Split, belief: Matrix, shown: Sequence[int], page_size: int) -> float:
    """The expected belief in the page after the answer: what is known to fit, then what nothing is known of."""
    left = _left(belief, shown)
    found = 0.0
    for column in split.shares.T:
        admitted = left * ((column > 0) + _UNKNOWN_LATER * split.unknown)
        rows = np.argsort(-admitted, kind="stable")[:page_size]
        found += float((left[rows] * column[rows]).sum())
    return found


def _left(belief: Matrix, shown: Sequence[int]) -> Matrix:
    left = belief.copy()
    left[list(shown)] = 0.0
    return left


def _top(belief: Matrix, size: int) -> float:
    return float(np.sort(belief)[-size:].sum())


# --- what can be asked ------------------------------------------------------------------------------


def _splits(need: Need, facts: Facts) -> Iterator[_Split]:
    named = {wish.name for wish in need.wishes if not wish.negated}
    for slot in ANSWERABLE:
        if part_of(slot) in need.inquired or (slot in named and slot is not SlotName.CATEGORY):
            continue
        if slot is SlotName.PRICE:
            if need.price is None:
                yield from _price_split(facts)
        elif slot is SlotName.CATEGORY:
            wished = frozenset(wish.value for wish in need.wishes if wish.name is SlotName.CATEGORY)
            lineages = values_in(facts, slot)
            yield from (_value_split(slot, lineages, named) for named in _kinds(lineages, wished))
        else:
            yield _value_split(slot, _values(facts, slot))


def part_of(slot: SlotName) -> str:
    """What `Need.asked` and `Need.inquired` call the slot: as the understander was taught, a price is a "budget"."""
    return "budget" if slot is SlotName.PRICE else slot.value


def _values(facts: Facts, slot: SlotName) -> Sequence[tuple[str, ...]]:
    """As they are offered: a brand as the shop writes it."""
    if slot is SlotName.BRAND:
        return [(brand,) if brand else () for brand in facts.brands]
    return values_in(facts, slot)


def _kinds(lineages: Sequence[tuple[str, ...]], wished: frozenset[str]) -> list[list[tuple[str, ...]]]:
    """The kinds of the candidates below the wished one, at the narrowest level and at the widest one."""
    below = [tuple(kind for kind in kinds if kind not in wished) for kinds in lineages]
    if any(wished.intersection(kinds) for kinds in lineages):
        # Of a wished kind only what is narrower: "shoes" is no answer to "which shoes".
        below = [_narrower(kinds, wished) for kinds in lineages]
    return [[kinds[:1] for kinds in below], [kinds[-1:] for kinds in below]]


def _narrower(kinds: tuple[str, ...], wished: frozenset[str]) -> tuple[str, ...]:
    cut = next((at for at, kind in enumerate(kinds) if kind in wished), 0)
    return kinds[:cut]


def _value_split(
    slot: SlotName, values: Sequence[tuple[str, ...]], named: Sequence[tuple[str, ...]] | None = None
) -> _Split:
    """The most frequent values as answers; a candidate of several values may be meant for any of them.

    `named`: of the values those that may be offered, where not all are.
    """
    counts = Counter(value for held in named or values for value in held)
    offered = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_ANSWERS]
    fits = np.array([[float(value in held) for value in offered] for held in values]).reshape(len(values), len(offered))
    answers = tuple(Answer(value=value, count=int(fits[:, at].sum())) for at, value in enumerate(offered))
    unknown = np.array([not held for held in values], dtype=np.bool_)
    return _Split(slot, answers, _shared(fits), unknown)


def _shared(fits: Matrix) -> Matrix:
    """Rows that sum to 1 where anything fits."""
    shares: Matrix = fits / np.maximum(fits.sum(axis=1, keepdims=True), 1.0)
    return shares


def _price_split(facts: Facts) -> Iterator[_Split]:
    """Two or three ranges of round prices; none where prices are close, or in several currencies."""
    currencies = set(facts.currencies)
    if len(currencies) != 1:
        return
    prices = [Decimal(repr(price)) for price in facts.prices.tolist()]  # the shortest that is this float: the price
    bands: tuple[PriceRange, ...] = bands_of(prices, currencies.pop())
    bands = tuple(band for band in bands if any(inside(price, band) for price in prices))
    if len(bands) > 1:
        held = np.array([[float(inside(price, band)) for band in bands] for price in prices])
        answers = tuple(Answer(price=band, count=int(held[:, at].sum())) for at, band in enumerate(bands))
        yield _Split(SlotName.PRICE, answers, _shared(held), np.zeros(len(prices), dtype=np.bool_))

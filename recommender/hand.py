"""The owner's hand on a page: what is pinned, boosted, buried and hidden, after the score and never in it.

The organic score, its parts and the reward stay what they are; the hand only bends the order in which a page is
filled. It never gets past a hard limit, stock or what the shopper was shown already; a boost counts only for what fits
the question about as well as the best does. Every card it moved is marked in the log with the rule that moved it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from recommender.bandit import PINNED
from recommender.page import Flags, PageRules, Rows, build_pages
from recommender.ports import Facts
from recommender.prior import Matrix
from recommender.question import Question
from recommender.request import Request
from recommender.wishes import words_pattern
from storage.records import Act, Product, Rule, SlotName, Vocabulary

_LEAST, _MOST = 0.25, 4.0  # of several rules on one product together
_MOST_PHRASES = 4
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Hand:
    """What the rules mean for n candidates.

    `factors` (n,) multiply the scores, None where nothing is moved; `pins` are (place from 1, row) by place; `moved`
    names the rules of each row that they touched, `avoided` what the shopper would rather not have (avoiding.py).
    """

    factors: Matrix | None = None
    pins: tuple[tuple[int, int], ...] = ()
    moved: Mapping[int, tuple[Rule, ...]] = field(default_factory=dict)
    avoided: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def marks(self, row: int) -> dict[str, float]:
        """What the log says of the row beside its features: "rule:ID" with the factor or the place."""
        found = {
            f"rule:{rule.id}": rule.factor if rule.act is not Act.PIN else rule.place
            for rule in self.moved.get(row, ())
        }
        found |= dict.fromkeys(self.avoided.get(row, ()), 1.0)
        return {**found, PINNED: 1.0} if any(row == pinned for _, pinned in self.pins) else found


NO_HAND = Hand()


@dataclass(frozen=True)
class Holding:
    """The rules that hold for one request. Where its limits gave way (`relaxed`), nothing is shown for money."""

    rules: tuple[Rule, ...] = ()
    relaxed: bool = False

    @property
    def pinned(self) -> tuple[str, ...]:
        """Product ids to be looked at, whatever retrieval finds."""
        return tuple(_name(rule) for rule in self.rules if rule.act is Act.PIN)

    def shows(self, facts: Facts, products: Sequence[Product]) -> Flags:
        """Which of the products may be shown: not hidden by the owner's rule, not paid for where that would break a
        limit. Their rows are read only where something is hidden.
        """
        shown = ~facts.sponsored if self.relaxed else np.ones(len(products), dtype=np.bool_)
        for rule in self.rules:
            if rule.act is Act.HIDE:
                shown &= ~np.array([_is_of(rule, product) for product in products], dtype=np.bool_)
        return shown

    def on(self, products: Sequence[Product], match: Matrix, floor: float) -> Hand:
        """The hand on these candidates.

        Args:
            match: (n,) how well each fits what was asked; all 0 where nothing was.
            floor: share of the best match that a boost needs.
        """
        moving = [rule for rule in self.rules if rule.act in (Act.BOOST, Act.BURY)]
        pins = [rule for rule in self.rules if rule.act is Act.PIN]
        if not (moving or pins) or not products:
            return NO_HAND
        fits = match >= floor * float(match.max(initial=0.0))
        factors, moved = np.ones(len(products)), dict[int, tuple[Rule, ...]]()
        for rule in moving:
            for row, product in enumerate(products):
                if _is_of(rule, product) and (rule.act is Act.BURY or fits[row]):
                    factors[row] *= rule.factor
                    moved[row] = (*moved.get(row, ()), rule)
        rows = {product.id: row for row, product in enumerate(products)} if pins else {}
        places = dict[int, int]()
        for rule in pins:
            row = rows.get(_name(rule), -1)
            if row >= 0 and rule.place not in places and row not in places.values():
                places[rule.place] = row
                moved[row] = (*moved.get(row, ()), rule)
        np.clip(factors, _LEAST, _MOST, out=factors)
        return Hand(factors if (factors != 1).any() else None, tuple(sorted(places.items())), MappingProxyType(moved))


def holding(rules: Iterable[Rule], request: Request, question: Question, vocabulary: Vocabulary) -> Holding:
    """The rules that hold now and for this wish.

    An anonymous request knows only what is hidden, and so does one whose limits gave way: no rule gets a product past
    a limit. "From the cheapest", "the best rated first" are orders that nothing may bend.
    """
    relaxed = bool(request.way)
    plain = request.anonymous or request.need.ordered or relaxed
    held = [rule for rule in rules if rule.act is not Act.SYNONYM and rule.holds(request.now)]
    held = [rule for rule in held if rule.act is Act.HIDE or not plain]
    return Holding(tuple(rule for rule in held if _asked(rule, request, question, vocabulary)), relaxed)


def _asked(rule: Rule, request: Request, question: Question, vocabulary: Vocabulary) -> bool:
    if not rule.query and not rule.category:
        return rule.act is not Act.PIN or not (question.words or request.need.like_product)
    wished = [w.value for w in request.need.wishes if w.name is SlotName.CATEGORY and not w.negated]
    in_category = any(rule.category in vocabulary.lineage(SlotName.CATEGORY, value) for value in wished)
    return (not rule.category or in_category) and (not rule.query or _said(rule.query, question.words))


def _said(query: str, words: str) -> bool:
    """Whether all words of the rule's query are among those that are searched for; singular and plural are one."""
    said, text = _singulars(words), words.casefold()
    chinese = all(run in text for run in _CHINESE.findall(query.casefold()))
    return chinese and _singulars(_CHINESE.sub(" ", query)) <= said


def _singulars(text: str) -> set[str]:
    return {word.removesuffix("s") if len(word) > 3 else word for word in _WORD.findall(text.casefold())}


def _name(rule: Rule) -> str:
    return rule.subject.partition(":")[2]


def _is_of(rule: Rule, product: Product) -> bool:
    kind, _, name = rule.subject.partition(":")
    match kind:
        case "product":
            return product.id == name
        case "brand":
            return product.brand.casefold() == name.casefold()
        case "category":
            return name in product.categories
        case "tag":
            tag = name.casefold()
            return any(
                tag in (str(value).casefold(), f"{key}={value}".casefold()) for key, value in product.attributes.items()
            )
    return False


# --- the page ---------------------------------------------------------------------------------------


def lifted(scores: Matrix, factors: Matrix) -> Matrix:
    """Scores with the factors on them: s f for s >= 0, and below nought moved as far the same way, (draws, n)."""
    moved: Matrix = scores + (factors - 1.0) * np.abs(scores)
    return moved


def pages_by_hand(scores: Matrix, rules: PageRules, hand: Hand, size: int) -> Rows:
    """`build_pages` with the hand on it: (draws, size), -1 where nothing is left.

    What is pinned stands at its place; the rest of the page is built around it by the same rules as ever: no look-alike
    of it, no second sponsored product.
    """
    left = scores if hand.factors is None else lifted(scores, hand.factors)
    pins = _compatible(hand.pins, rules, size)
    if not pins:
        return _avoided_last(left, rules, hand, size)
    rows = [row for _, row in pins]
    blocked: Flags = np.asarray(rules.alike[rows].any(axis=0), dtype=np.bool_)
    blocked[rows] = True
    if rules.sponsored[rows].any():
        blocked |= rules.sponsored
    around = replace(rules, paid=tuple(row for row in rules.paid if not blocked[row]))
    rest = _avoided_last(np.where(blocked[None, :], -np.inf, left), around, hand, size - len(pins))
    pages = np.full((len(scores), size), -1, dtype=np.intp)
    places = [place - 1 for place, _ in pins]
    pages[:, places] = rows
    pages[:, [place for place in range(size) if place not in places]] = rest
    return pages


def _avoided_last(scores: Matrix, rules: PageRules, hand: Hand, size: int) -> Rows:
    """`build_pages` of what the shopper does not avoid; what is avoided only where places are left."""
    if not hand.avoided or size < 1:
        return build_pages(scores, rules, size)
    avoided = np.isin(np.arange(scores.shape[1]), list(hand.avoided))
    wanted = replace(rules, paid=tuple(row for row in rules.paid if not avoided[row]))
    pages = build_pages(np.where(avoided, -np.inf, scores), wanted, size)
    short = np.flatnonzero((pages < 0).any(axis=1))
    if len(short):
        spare = build_pages(np.where(avoided, scores[short], -np.inf), rules, size)
        for at, more in zip(short, spare, strict=True):
            empty = np.flatnonzero(pages[at] < 0)
            pages[at, empty] = more[: len(empty)]
    return pages


def _compatible(pins: Iterable[tuple[int, int]], rules: PageRules, size: int) -> list[tuple[int, int]]:
    """The pins of this page that may stand side by side: earlier places go first."""
    kept: list[tuple[int, int]] = []
    for place, row in pins:
        alike = any(rules.alike[row, other] for _, other in kept)
        second = rules.sponsored[row] and any(rules.sponsored[other] for _, other in kept)
        if place <= size and not alike and not second:
            kept.append((place, row))
    return kept


# --- synonyms ---------------------------------------------------------------------------------------


def widened(question: Question, rules: Iterable[Rule], request: Request) -> Question:
    """The question with the owner's synonyms: the words gain what they mean, the phrases a wording with it."""
    text = question.words.casefold()
    pairs = [
        (word, means)
        for rule in rules
        if rule.act is Act.SYNONYM and rule.holds(request.now)
        for word, means in rule.ways
        if _stands(word, text) and not _stands(means, text)
    ]
    if not pairs:
        return question
    meant = dict.fromkeys(means for _, means in pairs)
    said = [_reworded(phrase, word, means) for phrase in question.phrases for word, means in pairs]
    phrases = dict.fromkeys((*question.phrases, *said))
    return replace(question, words=" ".join((question.words, *meant)), phrases=tuple(phrases)[:_MOST_PHRASES])


def _stands(word: str, text: str) -> bool:
    pattern = words_pattern((word.casefold(),))
    return bool(pattern and pattern.search(text))


def _reworded(phrase: str, word: str, means: str) -> str:
    pattern = words_pattern((word.casefold(),))
    assert pattern is not None
    return re.sub(pattern.pattern, lambda _: means, phrase, flags=re.IGNORECASE)

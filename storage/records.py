"""The nouns of the shop: every row that a conversation reads or leaves behind.

The floor of the house. Every room may import this file; this file imports only the standard library, so
that naming a `Product` never loads a database, a model or a web server. All records are frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

Language = str  # "en" or "zh"


class Intent(StrEnum):
    """What the shopper wants to happen next (design: intents and slots)."""

    SEARCH = "search"
    REFINE = "refine"
    MORE = "more"
    INSPIRE = "inspire"
    ASK_PRODUCT = "ask_product"
    COMPARE = "compare"
    LIKE = "like"
    DISLIKE = "dislike"
    ADD_TO_CART = "add_to_cart"
    VIEW_CART = "view_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    CHECKOUT = "checkout"
    SAVE = "save"
    VIEW_SAVED = "view_saved"
    ORDER_STATUS = "order_status"
    ORDER_CHANGE = "order_change"
    RETURN_REFUND = "return_refund"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    HUMAN = "human"
    CONFIRM = "confirm"
    DENY = "deny"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    OUT_OF_SCOPE = "out_of_scope"


class Stage(StrEnum):
    """Where in the purchase the shopper stands."""

    BROWSE = "browse"
    CONSIDER = "consider"
    BUY = "buy"
    AFTER_SALES = "after_sales"
    CHAT = "chat"


DEFAULT_STAGE: Mapping[Intent, Stage] = MappingProxyType(
    {intent: Stage.CHAT for intent in Intent}
    | {intent: Stage.BROWSE for intent in (Intent.SEARCH, Intent.REFINE, Intent.MORE, Intent.INSPIRE)}
    | {
        intent: Stage.CONSIDER
        for intent in (
            Intent.ASK_PRODUCT,
            Intent.COMPARE,
            Intent.LIKE,
            Intent.DISLIKE,
            Intent.SAVE,
            Intent.VIEW_SAVED,
        )
    }
    | {
        intent: Stage.BUY
        for intent in (
            Intent.ADD_TO_CART,
            Intent.VIEW_CART,
            Intent.REMOVE_FROM_CART,
            Intent.CHECKOUT,
        )
    }
    | {
        intent: Stage.AFTER_SALES
        for intent in (
            Intent.ORDER_STATUS,
            Intent.ORDER_CHANGE,
            Intent.RETURN_REFUND,
            Intent.SHIPPING,
            Intent.PAYMENT,
            Intent.HUMAN,
        )
    }
)


class SlotName(StrEnum):
    """The kinds of span that a message can carry."""

    CATEGORY = "category"
    BRAND = "brand"
    COLOR = "color"
    MATERIAL = "material"
    SIZE = "size"
    AUDIENCE = "audience"
    OCCASION = "occasion"
    FEATURE = "feature"
    PRICE = "price"
    ITEM_REF = "item_ref"
    QUANTITY = "quantity"
    ORDER_ID = "order_id"


class Figure(StrEnum):
    """A limit on a figure of the row that no span of a message is marked as."""

    RATING = "rating"


# Those that a product's row has a value for, and that can therefore be limits.
FILTERED_SLOTS = (
    SlotName.CATEGORY,
    SlotName.BRAND,
    SlotName.COLOR,
    SlotName.MATERIAL,
    SlotName.SIZE,
    SlotName.AUDIENCE,
)
# All that can be wished of a thing; feeds hardly ever state the last two, so they are searched for in words.
WISHED_SLOTS = (*FILTERED_SLOTS, SlotName.OCCASION, SlotName.FEATURE)


class Reaction(StrEnum):
    """What a shopper did with something that was shown, the strongest first."""

    BUY = "buy"
    CART = "cart"
    SAVE = "save"
    LIKE = "like"
    MORE_LIKE = "more_like"
    OPEN = "open"
    LESS_LIKE = "less_like"
    DISLIKE = "dislike"


# --- vocabulary -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """One normal form with the words that mean it.

    `value` is the normal form ("grey", "running shoes"); `parent` the wider term of the same slot, or "".
    `en` and `zh` are surface forms, the first one fit for showing.
    """

    slot: SlotName
    value: str
    parent: str = ""
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()

    def label(self, language: Language) -> str:
        """The word to show; the normal form where the language has none."""
        words = self.zh if language == "zh" else self.en
        return words[0] if words else self.value


@dataclass(frozen=True)
class Vocabulary:
    """The words this shop understands: the shipped base, then what its own catalogue adds (brands, sizes, ...)."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def by_value(self) -> Mapping[tuple[SlotName, str], Term]:
        return {(term.slot, term.value): term for term in self.terms}

    def lineage(self, slot: SlotName, value: str) -> tuple[str, ...]:
        """The value and every wider one, narrowest first: running shoes -> (running shoes, shoes)."""
        found = [value]
        while (term := self.by_value.get((slot, found[-1]))) and term.parent:
            if term.parent in found:
                break
            found.append(term.parent)
        return tuple(found)

    def label(self, slot: SlotName, value: str, language: Language) -> str:
        term = self.by_value.get((slot, value))
        return term.label(language) if term else value

    def own_name(self, wish: Wish) -> str:
        """The shopper's own English name of a kind, of two words or more, one that the shop knows it by: an espresso
        machine among coffee makers; "" where there is none.
        """
        term, said = self.by_value.get((wish.name, wish.value)), wish.text.casefold().removesuffix("s")
        return said if wish.name is SlotName.CATEGORY and term and " " in said and said in term.en else ""


# --- catalogue --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the kinds that a product can be bought in, with a number, stock and price of its own.

    `color` and `size` are as the product lists them, "" where its variants do not differ in that. `stock` counts
    pieces; None is unknown. `price` is in the product's currency; None where it is the product's.
    """

    id: str
    color: str = ""
    size: str = ""
    stock: int | None = None
    price: Decimal | None = None

    @property
    def there(self) -> bool:
        """Whether it can be had: it is not known to be sold out."""
        return self.stock != 0


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the shop's catalogue. Empty tuples and None mean "the feed does not say".

    `price` is exact, in units of `currency` (ISO 4217). `category` is a normal form of the vocabulary where
    one fits, else the feed's own words casefolded; `categories` is its lineage, narrowest first.
    `stock` counts pieces; None is unknown. `rating` is 0..5. `former_price` is what the shop asked before a sale, in
    the same currency; None where it names none. `pictures` are those beside the one at `image_url`, each an address or
    a name of the same kinds. `variants` are what the shop counts and prices apart; empty where it does not: then every
    listed colour comes in every listed size. `price` is the lowest of theirs, `stock` their sum, and `colors` and
    `sizes` those that can be had.
    """

    id: str
    title: str
    price: Decimal
    currency: str
    title_zh: str = ""
    description: str = ""
    description_zh: str = ""
    category: str = ""
    categories: tuple[str, ...] = ()
    brand: str = ""
    colors: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    rating: float | None = None
    rating_count: int = 0
    stock: int | None = None
    image_url: str = ""
    url: str = ""
    created_at: datetime | None = None
    sponsored: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    available: bool = True
    former_price: Decimal | None = None
    pictures: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def gallery(self) -> tuple[str, ...]:
        """All its pictures, the one that stands for it first."""
        return tuple(dict.fromkeys(picture for picture in (self.image_url, *self.pictures) if picture))

    @property
    def saving(self) -> Decimal:
        """How much less it costs than it did; 0 where the shop names no higher former price."""
        return max(self.former_price - self.price, Decimal(0)) if self.former_price is not None else Decimal(0)

    def values(self, slot: SlotName) -> tuple[str, ...]:
        """Normal forms this product has for a slot; empty where the feed does not say."""
        match slot:
            case SlotName.CATEGORY:
                return self.categories
            case SlotName.BRAND:
                return (self.brand.casefold(),) if self.brand else ()
            case SlotName.COLOR:
                return self.colors
            case SlotName.MATERIAL:
                return self.materials
            case SlotName.SIZE:
                return self.sizes
            case SlotName.AUDIENCE:
                return self.audience
            case _:
                return ()

    def title_in(self, language: Language) -> str:
        return self.title_zh if language == "zh" and self.title_zh else self.title

    def description_in(self, language: Language) -> str:
        return self.description_zh if language == "zh" and self.description_zh else self.description


# --- understanding ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read against: what the bot last asked (None: nothing) and how many items it shows."""

    asked: str | None = None
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of the message: code points, end exclusive. `value` is the normal form."""

    name: SlotName
    text: str
    value: str
    start: int
    end: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class PriceRange:
    """A price limit, both ends inclusive, None where open. `currency` is what was said, None where nothing was."""

    min: Decimal | None = None
    max: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message said. `confidence` and the numbers of `top` are probabilities, 0..1."""

    text: str
    language: Language
    intent: Intent
    confidence: float
    top: tuple[tuple[Intent, float], ...]
    stage: Stage
    also: tuple[Intent, ...] = ()
    slots: tuple[Slot, ...] = ()
    price: PriceRange | None = None
    item_refs: tuple[int, ...] = ()
    quantity: int | None = None
    model: str = ""
    degraded: bool = False

    def values(self, name: SlotName, *, negated: bool = False) -> tuple[str, ...]:
        return tuple(s.value for s in self.slots if s.name is name and s.negated is negated)


# --- the need so far --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing wanted or not wanted, in normal form. `text` is how the shopper said it."""

    name: SlotName
    value: str
    text: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What the shopper wants so far: a fold over the turns of this session.

    `query` holds the shopper's own words for the thing sought; `price` is in the shop's currency and `price_said` as it
    was said. `like_product` anchors "more like this". `since` is when this need began. `cheapest` asks for the lowest
    prices first, `best_rated` for the best rated; both for the lowest prices among what is well rated. `inquired` lists
    what the bot has asked about in this need, by the names of `asked`: it does not ask twice, and who waved a question
    off said that it does not matter. `firm` names the limits that must not give way ("price", "color", ..., or "all").
    `least_rating` is the lowest mean rating, in stars, that will do. `looks` are the products that look like the photo
    that was sent, the most alike first: no other is wanted, and they stand in this order.
    """

    query: str = ""
    language: Language = "en"
    wishes: tuple[Wish, ...] = ()
    price: PriceRange | None = None
    price_said: PriceRange | None = None
    like_product: str = ""
    asked: str | None = None
    since: datetime | None = None
    cheapest: bool = False
    inquired: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()
    best_rated: bool = False
    least_rating: float | None = None
    looks: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether the shopper said in what order things are to stand, or showed it."""
        return self.cheapest or self.best_rated or bool(self.looks)

    @property
    def empty(self) -> bool:
        limited = self.wishes or self.price or self.least_rating is not None
        return not (self.query or limited or self.like_product or self.looks)


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard limits. A known contradicting value rejects; an unknown one passes (an unknown price fails a budget).

    `price` is in the shop's currency. `include`: for each slot the product must carry one of the values;
    `exclude`: none of them. `least_rating`: rated at that or above by somebody; what nobody rated fails. `only`: the
    ids of the products there are to choose from, None for all.
    """

    price: PriceRange | None = None
    include: Mapping[SlotName, frozenset[str]] = field(default_factory=dict)
    exclude: Mapping[SlotName, frozenset[str]] = field(default_factory=dict)
    in_stock: bool = True
    least_rating: float | None = None
    only: frozenset[str] | None = None

    @property
    def of_one_variant(self) -> bool:
        """Whether one variant of a product must be several things at once: of a colour, of a size, at a price."""
        colors, sizes = (self.include.get(slot) for slot in (SlotName.COLOR, SlotName.SIZE))
        return bool((colors and sizes) or (self.price and (colors or sizes)))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit let out because too little satisfied them all.

    `wanted` are the normal forms asked for, `instead` those that are admitted beside them (empty: any). For
    `SlotName.PRICE`, `price` is the limit as let out; for `Figure.RATING`, `rating` is.
    """

    slot: SlotName | Figure
    wanted: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    price: PriceRange | None = None
    rating: float | None = None


Way = tuple[Relaxation, ...]  # limits let out together


# --- recommending -----------------------------------------------------------------------------------


class ReasonCode(StrEnum):
    """The closed list of true reasons."""

    MATCHES_WORDS = "matches_words"
    MATCHES_MEANING = "matches_meaning"
    HAS_WISH = "has_wish"
    WITHIN_BUDGET = "within_budget"
    WELL_RATED = "well_rated"
    POPULAR = "popular"
    TRENDING = "trending"
    GOES_WITH = "goes_with"
    NEW = "new"
    IN_STOCK = "in_stock"
    LIKE_SESSION = "like_session"
    LIKES_BRAND = "likes_brand"
    LIKES_CATEGORY = "likes_category"
    LIKES_COLOR = "likes_color"
    LIKES_MATERIAL = "likes_material"
    IN_SEASON = "in_season"
    LIKE_PRODUCT = "like_product"
    LOOKS_ALIKE = "looks_alike"
    SPONSORED = "sponsored"
    OFF_LIMIT = "off_limit"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code with the facts its sentence needs, each taken from the catalogue row or the shopper's log."""

    code: ReasonCode
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something this shopper did lately with a product."""

    product_id: str
    reaction: Reaction
    at: datetime


@dataclass(frozen=True, slots=True)
class Taste:
    """What one shopper's pages and reactions say of the weights of the named features, without what all share.

    `precision` is the upper triangle (row-major, d*(d+1)/2) of the summed x x', `moment` (d) the summed x times reward.
    A value: the bandit takes one and returns another. `version` counts the shopper's pages and reactions, `pages` the
    pages alone; `prior` is the version of the fitted prior it was kept up under.
    """

    user_id: int
    features: tuple[str, ...]
    precision: tuple[float, ...]
    moment: tuple[float, ...]
    version: int = 0
    updated_at: datetime | None = None
    pages: int = 0
    prior: int = 0


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One product in one showing. `id` is 0 until stored; `position` counts from 1; 0 was not shown.

    `features` is x, each about 0..1; `parts` is w*x for the drawn w, so that its sum is `score`.
    `propensity` is P(product on the page), None until it has been estimated.
    """

    product: Product
    position: int
    score: float
    features: Mapping[str, float]
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()
    id: int = 0
    propensity: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible answer to the bot's question: a value of its slot, or a range of prices. `count` candidates fit it."""

    value: str = ""
    price: PriceRange | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question that would help more than a page. `bits` is what its answer is expected to tell; `gain` by how much
    it raises the belief (0..1) that the product wanted is on the next page.
    """

    slot: SlotName
    answers: tuple[Answer, ...]
    bits: float
    gain: float


@dataclass(frozen=True, slots=True)
class Slate:
    """The answer of the recommender: the page (position 1..n), then the next candidates (position 0).

    `admitted` counts what satisfies every limit. Where that is less than a page, `ways` says which limits were let out
    for the cards that follow those.
    """

    items: tuple[Recommendation, ...]
    index_version: str
    policy: str
    seed: int
    taste_version: int
    admitted: int
    degraded: bool = False
    timings: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    question: Clarification | None = None
    ways: tuple[Way, ...] = ()

    @property
    def page(self) -> tuple[Recommendation, ...]:
        return tuple(item for item in self.items if item.position > 0)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reaction to one showing."""

    recommendation_id: int
    user_id: int
    reaction: Reaction
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card that was shown, with the reactions that hold for it and their instants."""

    recommendation_id: int
    position: int
    features: Mapping[str, float]
    reactions: tuple[tuple[Reaction, datetime], ...] = ()
    propensity: float | None = None


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that was shown. `number` counts the shopper's pages from 1; `policy` is that of its slate."""

    turn_id: int
    number: int
    shown_at: datetime
    cards: tuple[SeenCard, ...]
    policy: str = ""


# --- the shop's own figures and wishes ----------------------------------------------------------------


class Deed(StrEnum):
    """What a visitor of the shop's own site did with a product, the weakest first."""

    VIEW = "view"
    CART = "cart"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing a visitor did in the shop itself. `visitor` is a keyed hash, never the shop's own id."""

    visitor: str
    product_id: str
    kind: Deed
    at: datetime


class Act(StrEnum):
    """What the owner does by hand."""

    PIN = "pin"
    BOOST = "boost"
    BURY = "bury"
    HIDE = "hide"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the owner decided, with its dates.

    `subject` is "product:ID", "brand:NAME", "category:VALUE" or "tag:VALUE" in normal form; of a synonym it is the
    word, and `means` what it stands for (and the reverse, where `both`). A pin stands at `place`, from 1; boosts and
    buries multiply the score by `factor`. `query` and `category` say for which wishes; both empty: a pin holds where
    nothing was asked, the others hold always. From `begins` on, until before `ends`; None is open.
    """

    act: Act
    subject: str
    means: str = ""
    both: bool = True
    place: int = 0
    factor: float = 1.0
    query: str = ""
    category: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    note: str = ""
    id: int = 0

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """(word, what it stands for) of a synonym, in each way it is meant."""
        return ((self.subject, self.means), (self.means, self.subject))[: 1 + self.both]

    def holds(self, now: datetime) -> bool:
        """Whether an aware instant lies between its dates."""
        return (self.begins is None or self.begins <= now) and (self.ends is None or now < self.ends)


# --- the shop's own pages ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading of one of the shop's pages. `page` and `anchor` are the same in both languages
    where the pages are; `url` of the page, "" where it is nowhere but here.
    """

    number: int
    language: Language
    page: str
    anchor: str
    title: str
    heading: str
    sentences: tuple[str, ...]
    url: str = ""

    @property
    def link(self) -> str:
        """Its address, "" where it has none."""
        return f"{self.url}#{self.anchor}" if self.url else ""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that may answer a question: the place of the sentence that does, and how likely it is, 0..1."""

    passage: Passage
    sentence: int
    chance: float


# --- the transcript ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """Something a shopper said or wished by button, before anything was understood. `update_id` makes it unique."""

    update_id: int
    user_id: int
    chat_id: int
    text: str
    said_at: datetime
    language: Language = "en"
    source: str = "text"
    id: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """A raw update in the inbox."""

    update_id: int
    user_id: int
    body: str
    received_at: datetime
    attempts: int = 0

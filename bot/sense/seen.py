"""What a photo asks for: what looks like it, where that could be looked for; else, once its colours are known, the wish
of the moment in that colour, or things of it.
"""

from __future__ import annotations

from dataclasses import replace

from bot import dialogue
from bot.cues import cue
from bot.draft import UNSURE_BELOW, Draft
from bot.recall import Before
from bot.reply import ErrandAct, Line, Option
from bot.understanding.relative import Direction, direction
from storage.records import Intent, Language, Need, PriceRange, SlotName, Understanding, Vocabulary, Wish

_OF_A_THING = frozenset(
    {Intent.SEARCH, Intent.REFINE, Intent.MORE, Intent.INSPIRE, Intent.ASK_PRODUCT, Intent.COMPARE, Intent.LIKE}
)


def of_a_thing(said: Understanding) -> bool:
    """Whether words under a photo may be of what is on it: "do you have this in blue?", not "where is my order?"."""
    return said.intent in _OF_A_THING or said.confidence < UNSURE_BELOW


def alike_needs(before: Before, looks: tuple[str, ...], language: Language) -> tuple[Need, ...]:
    """What a photo without words may be meant as: the wish that is going on, if it is for a kind of thing, among what
    looks like the photo; else all of that.
    """
    fresh = Need(language=language, since=before.turn.said_at, looks=looks)
    if not _kinds(before.need):
        return (fresh,)
    going_on = replace(
        before.need,
        language=language,
        asked=None,
        query="",
        like_product="",
        looks=looks,
        cheapest=False,
        best_rated=False,
    )
    return (going_on, fresh)


def worded_need(
    before: Before, said: Understanding, price: PriceRange | None, looks: tuple[str, ...], vocabulary: Vocabulary
) -> Need:
    """What a photo asks for with the words under it: what looks like it, within the limits that they state."""
    need = dialogue.begin(replace(said, intent=Intent.SEARCH, also=()), price, before.turn.said_at)
    wishes = need.wishes
    if cue("similar").search(said.text):  # "the same one", 找同款: the words for it are no kind of thing
        wishes = tuple(w for w in wishes if w.name is not SlotName.CATEGORY or (w.name, w.value) in vocabulary.by_value)
    elif need.query:
        wishes = (*wishes, Wish(SlotName.FEATURE, need.query, need.query))
    cheapest = need.cheapest or direction(said.text) is Direction.CHEAPER
    return replace(need, query="", wishes=wishes, looks=looks, cheapest=cheapest)


def seen_draft(
    before: Before, colors: tuple[str, ...], vocabulary: Vocabulary, language: Language, looked: bool = False
) -> Draft:
    """The draft by colour alone, and it says so, and what it could not tell; with what was `looked` for in vain."""
    need = replace(before.need, language=language, asked=None, looks=())
    said = (Line("photo-look-none"),) if looked else ()
    known = [color for color in colors if (SlotName.COLOR, color) in vocabulary.by_value]
    if not known:
        ideas = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))
        return Draft(need=need, lines=(*said, Line("photo-unclear")), options=(ideas,))
    names = tuple(vocabulary.label(SlotName.COLOR, color, language) for color in known)
    told = (*said, Line("photo-colors", {"colors": names}))
    wishes = tuple(Wish(SlotName.COLOR, color) for color in known)
    if _kinds(need):
        kept = tuple(wish for wish in need.wishes if wish.name is not SlotName.COLOR or wish.negated)
        need = replace(need, wishes=(*wishes, *kept), like_product="")
        return Draft(need=need, lines=told, seeks=True)
    fresh = Need(language=language, since=before.turn.said_at, wishes=wishes)
    return Draft(need=fresh, lines=(*told, Line("photo-what")), seeks=True)


def _kinds(need: Need) -> tuple[Wish, ...]:
    """The kinds of thing that are wished for."""
    return tuple(wish for wish in need.wishes if wish.name is SlotName.CATEGORY and not wish.negated)

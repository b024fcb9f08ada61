"""What a photo asks for, once its colours are known: the wish of the moment in that colour, or things of it."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Draft
from bot.recall import Before
from bot.reply import ErrandAct, Line, Option
from storage.records import Language, Need, SlotName, Vocabulary, Wish


def seen_draft(before: Before, colors: tuple[str, ...], vocabulary: Vocabulary, language: Language) -> Draft:
    """The draft; it says that it went by colour alone, and what it could not tell."""
    need = replace(before.need, language=language, asked=None)
    known = [color for color in colors if (SlotName.COLOR, color) in vocabulary.by_value]
    if not known:
        ideas = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))
        return Draft(need=need, lines=(Line("photo-unclear"),), options=(ideas,))
    names = tuple(vocabulary.label(SlotName.COLOR, color, language) for color in known)
    wishes = tuple(Wish(SlotName.COLOR, color) for color in known)
    kinds = tuple(wish for wish in need.wishes if wish.name is SlotName.CATEGORY and not wish.negated)
    if kinds:
        kept = tuple(wish for wish in need.wishes if wish.name is not SlotName.COLOR or wish.negated)
        need = replace(need, wishes=(*wishes, *kept), like_product="")
        return Draft(need=need, lines=(Line("photo-colors", {"colors": names}),), seeks=True)
    fresh = Need(language=language, since=before.turn.said_at, wishes=wishes)
    return Draft(need=fresh, lines=(Line("photo-colors", {"colors": names}), Line("photo-what")), seeks=True)

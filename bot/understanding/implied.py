"""Wishes inside the name of a thing: "蓝牙耳机", "wireless earbuds" and 真皮沙发 name a thing, and say which.

The vocabulary or the model knows such names as whole, so the property would be lost; here it becomes a wish of its
own, to be shown as a chip and matched like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.understanding.size_charts import in_listed_sizes
from storage.records import Need, SlotName, Term, Vocabulary, Wish

_IMPLIED = frozenset({SlotName.FEATURE, SlotName.MATERIAL, SlotName.COLOR, SlotName.AUDIENCE})
_CARRIERS = frozenset({SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL})  # spans that swallow a neighbour
_SUPPLIES = " supplies"
_PERSON = re.compile("[男女]")
_WORN_BY = re.compile("[男女](?![男女童孩性人])(?:.{0,3})[鞋靴装服衣衫裤裙袜帽包表衬袄套]")
_PLAIN = frozenset({SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE})


def in_full(need: Need, vocabulary: Vocabulary, text: str) -> Need:
    """The wish with what the names of its things imply, in sizes that the shop lists."""
    return in_listed_sizes(with_implied(_as_listed(need, vocabulary), vocabulary, text), text, vocabulary)


def _as_listed(need: Need, vocabulary: Vocabulary) -> Need:
    """ "No perfume" refuses a kind of thing and "polarized" is no colour, whatever part of speech they were read as."""
    sought = any(wish.name is SlotName.CATEGORY and not wish.negated for wish in need.wishes)
    wishes = tuple(_listed_as(wish, vocabulary, sought) for wish in need.wishes)
    return need if wishes == need.wishes else replace(need, wishes=wishes)


def _listed_as(wish: Wish, vocabulary: Vocabulary, sought: bool) -> Wish:
    if wish.name is SlotName.COLOR and not wish.negated and (wish.name, wish.value) not in vocabulary.by_value:
        return replace(wish, name=SlotName.FEATURE)
    if wish.name is SlotName.AUDIENCE and not wish.negated and not sought:
        return _supplies(wish, vocabulary)
    known = (wish.name, wish.value) in vocabulary.by_value
    if wish.name is not SlotName.FEATURE or not wish.negated or known or sought:
        return wish
    word = wish.text.casefold()
    kinds = (term for term in vocabulary.terms if term.slot is SlotName.CATEGORY)
    kind = next((term for term in kinds if word in (term.value, *term.en, *term.zh)), None)
    return replace(wish, name=SlotName.CATEGORY, value=kind.value) if kind else wish


def with_implied(need: Need, vocabulary: Vocabulary, said: str | None = None) -> Need:
    """The need with the properties that its kinds of thing, or one another's spans, name.

    Only wishes whose words stand in `said` are read, where it is given: what was said earlier had its turn, and what
    the shopper dropped since stays dropped.
    """
    need = _words_known(need, vocabulary)
    wanted = [wish for wish in need.wishes if not wish.negated and wish.text and (said is None or wish.text in said)]
    kinds = [wish for wish in wanted if wish.name is SlotName.CATEGORY]
    names = [wish.text for wish in kinds]
    free = [wish.text for wish in wanted if wish.name in _CARRIERS and not _listed(wish, vocabulary)]
    held = {(wish.name, wish.value) for wish in need.wishes}
    taken = {wish.name for wish in need.wishes if wish.name is not SlotName.FEATURE and not wish.negated}
    terms = [t for t in vocabulary.terms if t.slot in _IMPLIED - taken and (t.slot, t.value) not in held]
    named = [(t, form) for t in terms if (form := _form_inside(t, names if t.slot is SlotName.FEATURE else free))]
    found = [Wish(term.slot, term.value, form) for term, form in named if not _part_of_another(form, named)]
    found += [Wish(SlotName.FEATURE, rest, rest) for rest in _left_over(kinds, [*found, *wanted], vocabulary)]
    return replace(need, wishes=(*found, *need.wishes)) if found else need


def _supplies(wish: Wish, vocabulary: Vocabulary) -> Wish:
    """ "Anything for cats", 给猫买的: whom no product is for, and a kind of thing is."""
    if (wish.name, wish.value) in vocabulary.by_value:
        return wish
    word = wish.text.casefold().removesuffix("s").removeprefix("my ")
    kinds = (t for t in vocabulary.terms if t.slot is SlotName.CATEGORY and t.value.endswith(_SUPPLIES))
    kind = next((t for t in kinds if t.value == word + _SUPPLIES or any(form.startswith(word) for form in t.zh)), None)
    return replace(wish, name=SlotName.CATEGORY, value=kind.value) if kind else wish


def _words_known(need: Need, vocabulary: Vocabulary) -> Need:
    """Words that no span covered, and that the vocabulary knows as a property, are wishes: "red" boots; so is a kind of
    thing, where it is all that is looked for.
    """
    need = _thing_known(need, vocabulary)
    held = {wish.name for wish in need.wishes if not wish.negated}
    found, rest = [], []
    for word in need.query.split():
        term = next(
            (t for t in vocabulary.terms if t.slot in _PLAIN - held and word.casefold() in (*t.en, *t.zh)), None
        )
        if term is None:
            rest.append(word)
        else:
            found.append(Wish(term.slot, term.value, word))
    return replace(need, query=" ".join(rest), wishes=(*found, *need.wishes)) if found else need


def _thing_known(need: Need, vocabulary: Vocabulary) -> Need:
    said = need.query.casefold()
    if not said or any(wish.name is SlotName.CATEGORY and not wish.negated for wish in need.wishes):
        return need
    term = next((t for t in vocabulary.terms if t.slot is SlotName.CATEGORY and said in (t.value, *t.en, *t.zh)), None)
    return replace(need, query="", wishes=(*need.wishes, Wish(term.slot, term.value, need.query))) if term else need


def _listed(wish: Wish, vocabulary: Vocabulary) -> bool:
    """Whether the vocabulary lists the name itself: black tea is a kind of tea, and no wish for black."""
    term = vocabulary.by_value.get((wish.name, wish.value))
    return term is not None and wish.text.casefold() in {form.casefold() for form in (*term.en, *term.zh)}


def _left_over(kinds: Iterable[Wish], found: Iterable[Wish], vocabulary: Vocabulary) -> list[str]:
    """The words of a name before the thing that are no property of the vocabulary: a "formal" dress, 布艺沙发."""
    rests = []
    for wish in kinds:
        term = vocabulary.by_value.get((wish.name, wish.value))
        thing = (
            next((f for f in _longest_first(term) if wish.text.casefold().endswith(f.casefold())), "") if term else ""
        )
        if thing and not _listed(wish, vocabulary):
            rest = wish.text[: -len(thing)]
            for form in sorted((other.text for other in found), key=len, reverse=True):
                rest = re.sub(re.escape(form), " ", rest, flags=re.IGNORECASE)
            rests.append(re.sub(r"^(?:an?|the|some)\s|[\s的-]+$", "", rest.strip()).strip())
    return [rest for rest in rests if len(rest) > 1]


def _longest_first(term: Term) -> list[str]:
    return sorted((*term.en, *term.zh), key=len, reverse=True)


def _form_inside(term: Term, kinds: Iterable[str]) -> str:
    """The longest word for the term that stands inside a name; empty where none does."""
    return next((form for form in _longest_first(term) for kind in kinds if _inside(form, kind)), "")


def _part_of_another(form: str, named: Iterable[tuple[Term, str]]) -> bool:
    """Rose gold is not gold."""
    return any(form != other and form in other for _, other in named)


def _inside(form: str, text: str) -> bool:
    """Whether a form stands inside a longer name: on word borders where it has letters of ours, else two signs or more.

    One sign alone is not telling: the 皮 of 皮带 is not what a belt is made of. But that of a person in front of a
    thing is: 女鞋, 男装.
    """
    said, form = text.casefold(), form.casefold()
    if len(said) <= len(form) or form not in said:
        return False
    if _PERSON.fullmatch(form):
        return bool(_WORN_BY.match(said)) and said.startswith(form)
    return len(form) > 1 if not form.isascii() else bool(re.search(rf"\b{re.escape(form)}\b", said))

"""How the demo shop writes: titles and descriptions in two languages from the facts of one article.

Every sentence comes from `data/*.lines.tsv` or from the style itself and is only said where its condition holds,
so a text cannot contradict the row. Price and stock never appear: cards show those from the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

from storage.demo.tables import Brand, Category, Line, Style, tables
from storage.records import SlotName
from storage.terms import base_vocabulary

_ROLES = ("lead", "fact", "use", "care")
_SENTENCES = (2, 3, 3, 4, 4)
_NUMBER = re.compile(r"([\d.]+(?:\s?[x×–-]\s?[\d.]+)*)\s*(.*)")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of one article, in normal forms. `model` is its name in English and Chinese."""

    category: Category
    style: Style
    brand: Brand
    model: tuple[str, str]
    colors: tuple[str, ...]
    materials: tuple[str, ...]
    audience: tuple[str, ...]
    features: tuple[str, ...]
    occasions: tuple[str, ...]
    attributes: Mapping[str, str]

    @property
    def tokens(self) -> frozenset[str]:
        """Everything that the condition of a line may ask for."""
        values = (*self.materials, *self.audience, *self.features, *self.occasions, *self.attributes)
        named = (f"{key}={value}" for key, value in self.attributes.items())
        return frozenset((*values, *named, self.style.en, *self.colors))


def title(facts: Facts, rng: Random) -> tuple[str, str]:
    """An English and a Chinese title; the pattern is drawn among those whose words this article has."""
    featured = [f for f in facts.features if f in tables().pools["title features"] and f not in facts.style.en]
    extra = rng.choice(featured) if featured else ""
    english, chinese = _words(facts, extra, 0), _words(facts, extra, 1)
    pattern = rng.choice([line for line in _fitting(facts, "titles") if line.fields <= english.keys()])
    return _capitals(_fill(pattern.en, english)), _fill(pattern.zh, chinese).strip()


def description(facts: Facts, said: tuple[str, str], rng: Random) -> tuple[str, str]:
    """Two to five sentences: what it is, what it has, what it is for, what to know. `said` is the title."""
    english, chinese = _words(facts, "", 0), _words(facts, "", 1)
    if len(facts.materials) > 1:  # a line that names "the" material would pass over the others
        english.pop("material", None)
    lines = [line for line in _fitting(facts, "lines") if line.fields <= english.keys()]
    rng.shuffle(lines)
    chosen = _choose(facts, said[0].casefold(), lines, rng)
    texts = [(_fill(line.en, english), _fill(line.zh, chinese)) for line in chosen]
    texts += _remaining(facts, [said, *texts], rng)
    return " ".join(_sentence(en) for en, _ in texts), "".join(zh for _, zh in texts)


def _choose(facts: Facts, said: str, lines: list[Line], rng: Random) -> list[Line]:
    detail = Line(frozenset(), "lead", (), *rng.choice(facts.style.details), frozenset())
    leads = [line for line in lines if line.role == "lead"][:1]
    topics = _topics(facts, said)
    introduced = leads and rng.random() < (0.85 if len(topics) < 3 else 0.45)
    chosen = [*leads, detail] if introduced else [detail]
    length = max(rng.choice(_SENTENCES), len(chosen) + 1, min(len(topics) + 2, 4))
    room = length - (len(chosen) + len(topics) < length or rng.random() < 0.7)  # leave the last place to a use
    for topic in rng.sample(topics, len(topics)):
        if len(chosen) < room:
            chosen += [line for line in lines if line.role == "fact" and _about(line, topic)][:1]
    for role in ("use", *rng.sample(("fact", "use", "care"), 3)):
        if len(chosen) < length:
            chosen += [line for line in lines if line.role == role and not _same(line, chosen)][:1]
    return sorted(dict.fromkeys(chosen), key=lambda line: _ROLES.index(line.role))


def _topics(facts: Facts, said: str) -> list[str]:
    """What a text still owes the reader: materials and features that the title has not named."""
    return [topic for topic in (*_sung(facts), *facts.features) if not _said(topic, said)]


def _sung(facts: Facts) -> tuple[str, ...]:
    """The materials a shop would boast of; plastic is true of a headset but sells none."""
    return tuple(material for material in facts.materials if material not in tables().pools["unsung"])


def _remaining(facts: Facts, said: list[tuple[str, str]], rng: Random) -> list[tuple[str, str]]:
    """One closing sentence that names the features which nothing has named yet, in either language."""
    texts = tuple(" ".join(parts).casefold() for parts in zip(*said, strict=True))
    quiet = [f for f in facts.features if not (_said(f, texts[0]) and _said_in_chinese(f, texts[1]))]
    if not quiet:
        return []
    english = " and ".join(filter(None, [", ".join(quiet[:-1]), quiet[-1]]))
    chinese = "、".join(base_vocabulary().label(SlotName.FEATURE, f, "zh") for f in quiet)
    also = rng.choice([line for line in tables().lines if line.role == "also"])
    words = (_words(facts, "", 0) | {"features": english}, _words(facts, "", 1) | {"features": chinese})
    return [(_fill(also.en, words[0]), _fill(also.zh, words[1]))]


def _said(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _said_in_chinese(feature: str, text: str) -> bool:
    return any(form in text for form in base_vocabulary().by_value[SlotName.FEATURE, feature].zh)


def _about(line: Line, token: str) -> bool:
    return any(token in group for group in line.when)


def _same(line: Line, chosen: Iterable[Line]) -> bool:
    """Whether a chosen line already speaks of the same thing: "breathable" twice reads like a machine."""
    topics = {token for group in line.when for token in group if not token.startswith("!")}
    said = {token for other in chosen for group in other.when for token in group}
    return line in chosen or bool(topics & said)


def _fitting(facts: Facts, table: Literal["titles", "lines"]) -> list[Line]:
    tokens = facts.tokens
    scopes = (facts.category.value, *facts.category.families, "*")
    return [line for line in _scoped(scopes, table) if line.holds(tokens)]


@cache
def _scoped(scopes: tuple[str, ...], table: Literal["titles", "lines"]) -> tuple[Line, ...]:
    lines = tables().titles if table == "titles" else tables().lines
    return tuple(line for line in lines if line.scopes & set(scopes))


def _words(facts: Facts, feature: str, language: int) -> dict[str, str]:
    """Every word that a pattern may ask for; what this article lacks is absent."""
    style = facts.style
    noun = (style.en, style.zh)[language]
    materials = [word(SlotName.MATERIAL, m, language) for m in _sung(facts) if m not in style.en]
    words = {
        "brand": (facts.brand.name, facts.brand.zh)[language],
        "model": facts.model[language],
        "noun": noun,
        "color": (" and ", "配")[language].join(word(SlotName.COLOR, c, language) for c in facts.colors),
        "material": materials[0] if materials else "",
        "feature": word(SlotName.FEATURE, feature, language),
        "occasion": word(SlotName.OCCASION, facts.occasions[0], language) if facts.occasions else "",
        "spec": measure(facts.attributes.get(facts.category.spec, ""), language),
    }
    words |= {key: measure(value, language) for key, value in facts.attributes.items()}
    words = {key: value for key, value in words.items() if value}
    return words | _grammar(noun, style.plural) | {"who": _who(facts, language)}


def _grammar(noun: str, plural: bool) -> dict[str, str]:
    if plural:
        return {"a_noun": noun, "it": "they", "them": "them", "is": "are", "has": "have", "s": "", "its": "their"}
    article = "an" if re.match("[aeio]|LED", noun, re.IGNORECASE) else "a"
    known = {"it": "it", "them": "it", "is": "is", "has": "has", "s": "s", "its": "its"}
    return known | {"a_noun": f"{article} {noun}"}


def _who(facts: Facts, language: int) -> str:
    """For whom, where the style is made for several kinds of people."""
    several = any(len(pool) > 1 for pool in facts.style.audience)
    return tables().words[f"for {facts.audience[0]}"][language] if several and len(facts.audience) == 1 else ""


def word(slot: SlotName, value: str, language: int) -> str:
    """A normal form as the shop says it in a sentence; language 0 is English, 1 Chinese."""
    if value in tables().words:
        return tables().words[value][language]
    return base_vocabulary().label(slot, value, "zh") if language and value else value


def measure(value: str, language: int) -> str:
    """An attribute as read: "30 h" is "30 hours" and "30小时", "jasmine" is "茉莉"."""
    found = _NUMBER.fullmatch(value)
    number, unit = found.groups() if found else ("", value)
    said = tables().words.get(unit, (unit, unit))[language]
    return f"{number}{said}" if language or unit in ("%", "°", '"') else f"{number} {said}".strip()


def _fill(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r" {2,}", " ", pattern.format_map(words)).replace(" ,", ",").strip()


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _capitals(text: str) -> str:
    small = {"in", "with", "for", "and", "of", "by", "a", "the", "to", "from", "on", "at"}
    parts = text.split(" ")
    counted = [0, *(part[-1:].isdigit() for part in parts)]
    plain = [i and (word in small or (counted[i] and word.strip("),") in _units())) for i, word in enumerate(parts)]
    return " ".join(w if keep else w[:1].upper() + w[1:] for w, keep in zip(parts, plain, strict=True))


@cache
def _units() -> frozenset[str]:
    return frozenset(english for english, _ in tables().words.values())

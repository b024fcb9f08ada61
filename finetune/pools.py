"""The values that templates draw from: files of words by pool, and the shipped vocabulary's surface forms.

A pool file holds sections. `:: item.wear category` opens the pool `item.wear` whose values fill the slot `category`
(no slot for plain words); values are templates, one a line or several separated by `;`. Some values are orders:
`@vocabulary category fashion ...` takes the surface forms below the roots named (all where none is), `@one` and
`@many` in its place only the English singulars or plurals (the pool `mass` lists nouns without a plural), and
`@plural item.wear` puts that pool's values into the plural. Whatever the pool `never` lists is left out everywhere.

`item` draws from `item.<subject of the message>` where there is one, so that a lipstick seldom comes in size XL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from finetune.grammar import Draw, GrammarError, Node, parse
from storage.records import Language, SlotName, Vocabulary

_STAY_ON_SUBJECT = 0.92


class PoolFolder:
    """The pools of one language, read from a folder of .txt files."""

    def __init__(self, folder: Path, language: Language, vocabulary: Vocabulary) -> None:
        self._language = language
        self._vocabulary = vocabulary
        self._slots: dict[str, SlotName] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        for path in sorted(folder.glob("*.txt")):
            self._read(path)
        for name, words in self._words.items():
            known = dict.fromkeys(w for word in words for w in self._ordered(word))
            self._words[name] = tuple(w for w in known if w not in self._words.get("never", ()) or name == "never")
        self._nodes = {name: tuple(map(parse, words)) for name, words in self._words.items()}
        self._families = _families(self._nodes)
        self.subjects = tuple(sorted({name.partition(".")[2] for name in self._slots} - {""}))

    def value(self, name: str, draw: Draw) -> Node:
        """One value of the pool, of the message's own subject nine times in ten."""
        own = f"{name}.{draw.subject}"
        if own in self._nodes and draw.rng.random() < _STAY_ON_SUBJECT:
            return draw.rng.choice(self._nodes[own])
        if name in self._nodes:
            return draw.rng.choice(self._nodes[name])
        if name not in self._families:
            raise GrammarError(f"no pool {name!r} in {self._language}")
        return draw.rng.choice(self._nodes[draw.rng.choice(self._families[name])])

    def slot(self, name: str) -> SlotName:
        for known in (name, *self._families.get(name, ())):
            if known in self._slots:
                return self._slots[known]
        raise GrammarError(f"pool {name!r} fills no slot in {self._language}; write [{{{name}}}|slot]")

    def _read(self, path: Path) -> None:
        pool = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("::"):
                pool, _, slot = line[2:].strip().partition(" ")
                if slot:
                    self._slots[pool] = SlotName(slot.strip())
            elif line.strip() and not line.startswith("# "):
                if not pool:
                    raise GrammarError(f"{path.name}: values before the first :: line")
                values = tuple(value.strip() for value in line.split(";") if value.strip())
                self._words[pool] = self._words.get(pool, ()) + values

    def _ordered(self, value: str) -> Iterator[str]:
        order, *arguments = value.split()
        match order:
            case "@vocabulary":
                yield from self._surfaces(arguments)
            case "@one":
                yield from (word for word in self._surfaces(arguments) if not self._is_many(word))
            case "@many":
                yield from (word for word in self._surfaces(arguments) if self._is_many(word))
            case "@plural":
                yield from (plural(word) for word in self._words[arguments[0]] if not word.startswith("@"))
            case _:
                yield value

    def _is_many(self, word: str) -> bool:
        last = word.split()[-1]
        return last in self._words.get("mass", ()) or (last.endswith("s") and not last.endswith(("ss", "us")))

    def _surfaces(self, arguments: list[str]) -> list[str]:
        slot, roots = SlotName(arguments[0]), {name.replace("_", " ") for name in arguments[1:]}
        return [
            word
            for term in self._vocabulary.terms
            if term.slot is slot and (not roots or roots & set(self._vocabulary.lineage(slot, term.value)))
            for word in (term.zh if self._language == "zh" else term.en)
        ]


def plural(word: str) -> str:
    """The English plural of a noun phrase, good enough for shopping words."""
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    if word.endswith(("shelf", "scarf", "knife", "loaf")):
        return f"{word.removesuffix('e')[:-1]}ves"
    return f"{word}s"


def _families(pools: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """`item` -> (`item.home`, `item.tech`, ...)."""
    found: dict[str, list[str]] = {}
    for name in sorted(pools):
        stem, dot, _ = name.partition(".")
        if dot:
            found.setdefault(stem, []).append(name)
    return {stem: tuple(names) for stem, names in found.items()}

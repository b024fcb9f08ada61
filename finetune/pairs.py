"""Chinese texts beside their English meaning: what the bilingual encoder is taught from.

Tatoeba sentence pairs (CC BY 2.0 FR) and CC-CEDICT glosses (CC BY-SA 3.0) are read from the data folder and never
copied; the project's own are words and titles of a shop, written in both languages (`data/bilingual/`), the texts of
the demo shop, and phrases composed of the vocabulary.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opencc import OpenCC

from nlu.fold import fold
from storage.demo.catalogue import demo_products
from storage.records import SlotName, Term, Vocabulary

_FRAMES = Path(__file__).parent / "recipes" / "frames.tsv"
WRITTEN = Path(__file__).parent / "data" / "bilingual"
"""Words and titles of a shop that the project wrote itself, in two languages."""
_ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.+)/$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_A_MEANING = re.compile(r"variant of|^see |^surname|^CL:|^abbr\. for|\|")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text to be read as its English meaning. The text may be English too: then it should stay what it
    was."""

    text: str
    english: str


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def tatoeba(folder: Path) -> list[Pair]:
    """Sentence pairs, traditional characters folded to simplified. FileNotFoundError where the data is
    absent."""
    with (folder / "bilingual" / "tatoeba_en_zh.tsv").open(encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return [Pair(_converter().convert(row[1]), row[0]) for row in rows if len(row) >= 2]


def cedict(folder: Path) -> list[Pair]:
    """Dictionary entries with at most two short glosses each; names of variants and measure words left
    out."""
    with gzip.open(folder / "bilingual" / "cedict_ts_u8.txt.gz", "rt", encoding="utf-8") as lines:
        matches = (_ENTRY.match(line.strip()) for line in lines if not line.startswith("#"))
        pairs = (Pair(match[1], _gloss(match[2])) for match in matches if match)
        return [pair for pair in pairs if pair.english and len(pair.text) <= 12 and _CHINESE.search(pair.text)]


def _gloss(meanings: str) -> str:
    kept = [_ASIDE.sub("", meaning).strip() for meaning in meanings.split("/") if not _NOT_A_MEANING.search(meaning)]
    short = [meaning for meaning in kept if meaning and len(meaning) <= 60]
    return ", ".join(short[:2])


def split_held_out(pairs: Sequence[Pair], count: int, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Training and held-out pairs; no text of a held-out pair, in either language, is left in training."""
    order = list(dict.fromkeys(pairs))
    random.Random(seed).shuffle(order)
    held: dict[str, Pair] = {}
    seen_texts: set[str] = set()
    for pair in order:
        if len(held) == count:
            break
        if pair.english not in held and pair.text not in seen_texts and len(pair.text) >= 4:
            held[pair.english] = pair
            seen_texts.add(pair.text)
    rest = [pair for pair in order if pair.english not in held and pair.text not in seen_texts]
    return rest, list(held.values())


# --- what the project wrote itself ------------------------------------------------------------------


def written(name: str, folder: Path = WRITTEN) -> list[Pair]:
    """The lines `English<TAB>Chinese` of `words.tsv` or `titles.tsv`."""
    with (folder / f"{name}.tsv").open(encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return list(dict.fromkeys(Pair(fold(row[1].strip()), row[0].strip()) for row in rows if len(row) == 2))


def demo_shop() -> list[Pair]:
    """Titles and descriptions of the demo shop, which come in two languages."""
    texts = ((p.title_zh, p.title) for p in demo_products())
    return list(dict.fromkeys(Pair(fold(zh), en) for zh, en in texts if zh))


def framed(words: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """Written words in sentences of shoppers ("有没有吉他" beside "do you have guitar"), or two side by side."""
    chance = random.Random(seed)
    frames = [(zh, en) for zh, en in _frames() if "{n}" not in zh]
    found = []
    for _ in range(count):
        word, other = chance.choice(words), chance.choice(words)
        zh, en = chance.choice(frames) if chance.random() < 0.6 else (f"{{x}} {other.text}", f"{{x}} {other.english}")
        found.append(Pair(zh.replace("{x}", word.text), en.replace("{x}", word.english)))
    return found


# --- shopping phrases -------------------------------------------------------------------------------


def phrases(vocabulary: Vocabulary, count: int, seed: int) -> list[Pair]:
    """Shopping phrases in both languages: "红色 亚麻 连衣裙" beside "red linen dress", some of them in a
    sentence."""
    chance = random.Random(seed)
    by_slot: dict[SlotName, list[Term]] = defaultdict(list)
    for term in vocabulary.terms:
        if term.en and term.zh:
            by_slot[term.slot].append(term)
    frames = _frames()
    words = [Pair(zh, en) for term in vocabulary.terms for zh in term.zh for en in term.en[:2]]
    return words + [_phrase(by_slot, frames, chance) for _ in range(count - len(words))]


def _frames() -> list[tuple[str, str]]:
    with _FRAMES.open(encoding="utf-8", newline="") as lines:
        return [(row["zh"], row["en"]) for row in csv.DictReader(lines, delimiter="\t")]


def _phrase(terms: dict[SlotName, list[Term]], frames: list[tuple[str, str]], chance: random.Random) -> Pair:
    zh, en = _thing(terms, chance)
    if chance.random() < 0.45:
        frame_zh, frame_en = chance.choice(frames)
        number = str(chance.choice([20, 30, 50, 80, 99, 100, 150, 200, 300, 500, 1000, 2000]))
        zh = frame_zh.replace("{x}", zh).replace("{n}", number)
        en = frame_en.replace("{x}", en).replace("{n}", number)
    return Pair(zh, en)


def _thing(terms: dict[SlotName, list[Term]], chance: random.Random) -> tuple[str, str]:
    """A thing with up to four properties, in the order that each language puts them."""
    wanted = {
        slot: chance.choice(terms[slot]) for slot, share in _SHARES.items() if terms[slot] and chance.random() < share
    }
    thing = chance.choice(terms[SlotName.CATEGORY])
    before = [chance.choice(wanted[slot].zh) for slot in _ZH_ORDER if slot in wanted]
    gap = chance.choice(["", "", " "])
    zh = gap.join([*before, chance.choice(thing.zh)])
    front = [chance.choice(wanted[slot].en) for slot in _EN_ORDER if slot in wanted]
    en = " ".join([*front, chance.choice(thing.en)])
    if occasion := wanted.get(SlotName.OCCASION):
        en = f"{en} for {occasion.en[0]}"
    return zh, en


_SHARES = {
    SlotName.COLOR: 0.5,
    SlotName.MATERIAL: 0.35,
    SlotName.AUDIENCE: 0.3,
    SlotName.FEATURE: 0.35,
    SlotName.OCCASION: 0.2,
}
_ZH_ORDER = (SlotName.OCCASION, SlotName.FEATURE, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE)
_EN_ORDER = (SlotName.FEATURE, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE)


# --- characters -------------------------------------------------------------------------------------


def chinese_characters(texts: Iterable[str]) -> Iterator[str]:
    """Every Chinese character of the texts, repeats included."""
    for text in texts:
        yield from _CHINESE.findall(text)

"""Chinese things written by their sound: 耳基 is 耳机, 蓝呀 is 蓝牙, and so is "lanya erji" typed in Latin letters.

`syllables.tsv` lists the syllable (without its tone) of each common character. A stretch of characters that is
no word, and that sounds like a word of the shop of which it has a character, is written as that word; as many
characters go as come, so whatever is found in the text later stands where it stood.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

from nlu.base import base_words
from nlu.cuts import is_word
from nlu.lexicon import Lexicon
from storage.records import SlotName

_NAMING = (SlotName.CATEGORY, SlotName.FEATURE, SlotName.MATERIAL, SlotName.COLOR)
_WISHING = re.compile(
    r"^(?:wo)?(?:xiangmai|xiangyao|yaomai|xiang|yao|mai|kankan|youmeiyou|zhao)(?:yi(?:ge|jian|shuang))?"
)
_LONGEST, _SHORTEST_TYPED = 6, 4


def thing_right(written: str, lexicon: Lexicon) -> str:
    """The name of a thing as the shop writes it, where what was written only sounds so: as many characters. Empty where
    it does not, and where what was written is a word of its own (夹子 is no 架子).
    """
    words, right = _words(lexicon), ""
    while len(right) < len(written):
        stretch = _stretch(written, len(right), words, lexicon)
        if not stretch:
            return ""
        right += stretch
    return right if right != written and not is_word(written) else ""


def typed_right(text: str, lexicon: Lexicon) -> str:
    """What a whole message in Latin letters says in Chinese ("lanya erji"); empty where it names no thing of the shop
    so.
    """
    joined = re.sub(r"[\s']+", "", text.strip(" .,!?").casefold())
    if len(joined) < _SHORTEST_TYPED or not re.fullmatch("[a-z]+", joined):
        return ""
    if any(word in lexicon.words or word in base_words() for word in (text, joined)):
        return ""  # a word of English, however it could be read aloud
    typed = _typed(lexicon)
    for spoken in (joined, _WISHING.sub("", joined)):
        for cut in range(len(spoken)):
            which, thing = typed.get(spoken[:cut]), typed.get(spoken[cut:])
            if thing and thing in lexicon.forms(SlotName.CATEGORY) and (which or not cut):
                return f"{which or ''}{thing}"
    return ""


def _stretch(text: str, at: int, words: dict[tuple[str, ...], str], lexicon: Lexicon) -> str:
    """The word of the shop that stands at a place, or sounds like what does; empty for none."""
    for size in range(min(_LONGEST, len(text) - at), 1, -1):
        written = text[at : at + size]
        if any(written in lexicon.forms(slot) for slot in SlotName):
            return written
        word = words.get(sounds_of(written), "")
        if any(map(str.__eq__, word, written)) and not is_word(written):
            return word
    return ""


def sounds_of(word: str) -> tuple[str, ...]:
    """The syllables of a word; empty where a character of it is not listed."""
    sounds = tuple(_syllables().get(letter, "") for letter in word)
    return sounds if all(sounds) else ()


@lru_cache(maxsize=4)
def _words(lexicon: Lexicon) -> dict[tuple[str, ...], str]:
    forms = [form for slot in _NAMING for form in lexicon.forms(slot) if 1 < len(form) <= _LONGEST]
    return {sounds: form for form in reversed(forms) if (sounds := sounds_of(form))}


@lru_cache(maxsize=4)
def _typed(lexicon: Lexicon) -> dict[str, str]:
    return {"".join(sounds): word for sounds, word in _words(lexicon).items()}


@cache
def _syllables() -> dict[str, str]:
    with (Path(__file__).parent / "syllables.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {letter: row["syllable"] for row in rows for letter in row["characters"]}

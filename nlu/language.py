"""Which of the two languages a message is in, by its letters alone."""

from __future__ import annotations

from storage.records import Language

_ENGLISH_WORDS_PER_HAN = 2.0


def is_han(letter: str) -> bool:
    """Whether a character is a Chinese one (unified ideographs and extension A, or the rare planes)."""
    return "\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or "\U00020000" <= letter <= "\U0003ffff"


def has_han(text: str) -> bool:
    """Whether any character is a Chinese one: such a text goes through the bilingual network."""
    return any(map(is_han, text))


def language_of(text: str) -> Language:
    """ "zh" where the letters are mostly Chinese, else "en" (also for text without letters).

    A Chinese character carries about what a short word does, so Latin letters are counted by words: "我要 iPhone
    case" is Chinese, "a 红 dress for my mum please" is English.
    """
    han, words, inside = 0, 0, False
    for letter in text:
        if is_han(letter):
            han, inside = han + 1, False
        elif letter.isalpha():
            words, inside = words + (not inside), True
        else:
            inside = inside and letter in "'’-"
    return "zh" if han and han * _ENGLISH_WORDS_PER_HAN > words else "en"

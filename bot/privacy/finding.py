"""Personal data in what a shopper wrote.

    find_personal("call me at 415-555-0132")   # (Found(kind=<Personal.PHONE>, start=11, end=23),)

For masking on the console's pages and for redaction before anything leaves for training. Prices, sizes, quantities,
models and years are no personal data: a redacted price ruins an example. How much is found, and how often wrongly:
`python -m tests.bench.redaction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from bot.privacy.addresses import addresses
from bot.privacy.codes import codes
from bot.privacy.kinds import Found, Personal
from bot.privacy.names import names, names_beside
from bot.privacy.numbers import numbers, spoken
from bot.privacy.plain import MASK, plain
from bot.privacy.reach import reach

_RANK = {kind: rank for rank, kind in enumerate(Personal)}
_FINDERS = (reach, codes, numbers, spoken, addresses, names)

# Beside these a name may stand that nothing announces.
_TELLING = (Personal.PHONE, Personal.ADDRESS, Personal.EMAIL, Personal.ORDER)


@lru_cache(maxsize=20_000)
def find_personal(text: str) -> tuple[Found, ...]:
    """What is personal in a text of any length: sorted, without overlaps, spans in code points, none of it blank.

    What is masked or a placeholder already is never found, so masking twice masks no more than masking once.
    """
    found: tuple[Found, ...] = ()
    signs = list(plain(text))
    while more := _joined("".join(signs), tuple(found)):
        for each in more:
            for at in range(each.start, each.end):
                if not text[at].isspace():
                    signs[at] = MASK
        found = (*found, *more)
    return tuple(sorted(found, key=lambda each: each.start))


def _joined(text: str, before: tuple[Found, ...]) -> tuple[Found, ...]:
    """One pass of every finder; spans that overlap become one, of the first kind in the order of `Personal`."""
    joined: list[Found] = []
    finders = (*_FINDERS, names_beside) if any(each.kind in _TELLING for each in before) else _FINDERS
    for each in sorted(_trimmed(text, chain.from_iterable(find(text) for find in finders)), key=_place):
        if joined and each.start < joined[-1].end:
            last = joined[-1]
            kind = min(last.kind, each.kind, key=_RANK.__getitem__)
            joined[-1] = Found(kind, last.start, max(last.end, each.end))
        else:
            joined.append(each)
    return tuple(joined)


def _trimmed(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Without blanks and masks at the ends; what holds nothing else is nothing."""
    for each in found:
        start, end = each.start, each.end
        while start < end and (text[start].isspace() or text[start] == MASK):
            start += 1
        while start < end and (text[end - 1].isspace() or text[end - 1] == MASK):
            end -= 1
        if start < end:
            yield Found(each.kind, start, end)


def _place(found: Found) -> tuple[int, int]:
    return found.start, -found.end

"""What there is of a demo article in each size, and in each colour where it comes in several.

By a generator of its own, so that every other fact of the articles stays as it was: the pieces are the article's own
stock dealt out, and its listed colours and sizes are those of which there are some. Where the stock is too small for
all sizes, those that are gone are listed no longer.
"""

from __future__ import annotations

from collections import Counter
from itertools import product as pairs
from random import Random

from storage.records import Product, Variant
from storage.variants import varied

_GONE = 0.15  # of a colour in a size, where there is another of either
_Pair = tuple[str, str]


def dealt(article: Product, run: tuple[str, ...], seed: str) -> Product:
    """The article with its stock by colour and size; as it is where it comes in one size only, or one piece is left:
    in which size nobody has looked, and it is still asked.

    Args:
        run: all sizes that such an article is made in.
    """
    if len(run) < 2 or article.stock in (None, 1):
        return article
    rng = Random(f"{seed}:{article.id}:stocks")
    enough = not article.stock or article.stock >= len(article.colors) * len(article.sizes)
    colors = article.colors if len(article.colors) > 1 and enough else ("",)
    pieces = _pieces(_kept(colors, article.sizes, rng), article.stock, rng)
    variants = [
        Variant("-".join(filter(None, (article.id, color, size))).replace(" ", "-"), color, size, pieces[color, size])
        for color, size in pairs(colors, run)
    ]
    return varied(article, variants)


def _kept(colors: tuple[str, ...], sizes: tuple[str, ...], rng: Random) -> list[_Pair]:
    """The pairs that there may be some of: every colour in some size, every size in some colour."""
    kept = list(pairs(colors, sizes))
    for color, size in rng.sample(kept, len(kept)):
        others = [pair for pair in kept if pair != (color, size)]
        if rng.random() < _GONE and color in {c for c, _ in others} and size in {s for _, s in others}:
            kept = others
    return kept


def _pieces(kept: list[_Pair], stock: int, rng: Random) -> Counter[_Pair]:
    """The stock over the pairs: some of each and the middle of the run most; too few for that lie about the middle."""
    middle = (len(kept) - 1) / 2
    off = [abs(place - middle) for place in range(len(kept))]
    if stock < len(kept):
        inmost, *others = sorted(range(len(kept)), key=lambda place: off[place])
        return Counter(kept[place] for place in [inmost, *others[:1], inmost, *others[1:]][:stock])
    weights = [1 + len(kept) - each for each in off]
    return Counter([*kept, *rng.choices(kept, weights, k=stock - len(kept))])

"""The demo shop's tables as records: what the catalogue is composed from lies in `data/*.tsv`, not in code.

Cells share one small grammar: a comma separates things that all hold, `|` separates alternatives of which one is
drawn (an empty one means "nothing"), `+` ties values that come together, and `@name` stands for a pool of
`pools.tsv`. So `"wood|bamboo, metal"` is wood and metal, or bamboo and metal.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent / "data"

Cell = tuple[tuple[str, ...], ...]  # the pools of a cell, in order
Choose = Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Brand:
    """A fictional maker. `fields` are the trades it works in; `tier` multiplies prices."""

    name: str
    zh: str
    fields: frozenset[str]
    tier: float


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of article within a category: what it may be made of, coloured, sized and priced (US dollars)."""

    category: str
    en: str
    zh: str
    price: tuple[float, float]
    materials: Cell
    colors: Cell
    audience: Cell
    features: Cell
    occasions: Cell
    attributes: Cell
    details: tuple[tuple[str, str], ...]

    @property
    def plural(self) -> bool:
        return self.en.endswith("s") and not self.en.endswith("ss")


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of the vocabulary that the shop sells: how many, by whom, in which sizes, drawn how."""

    value: str
    stem: str
    families: tuple[str, ...]
    count: int
    field: str
    models: str
    sizes: str
    spec: str
    styles: tuple[Style, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in both languages, sayable where every alternative group of `when` holds."""

    scopes: frozenset[str]
    role: str
    when: Cell
    en: str
    zh: str
    fields: frozenset[str]

    def holds(self, tokens: frozenset[str]) -> bool:
        return all(any(_true(token, tokens) for token in group) for group in self.when)


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the catalogue is written from."""

    categories: tuple[Category, ...]
    brands: tuple[Brand, ...]
    lines: tuple[Line, ...]
    titles: tuple[Line, ...]
    models: Mapping[str, tuple[tuple[str, str], ...]]
    words: Mapping[str, tuple[str, str]]
    sizes: Mapping[tuple[str, str], tuple[str, ...]]
    markup: Mapping[str, float]
    pools: Mapping[str, tuple[str, ...]]


@cache
def tables() -> Tables:
    """Read every table once; about 20 ms."""
    pools = {row["pool"]: tuple(row["values"].split("|")) for row in rows("pools")}
    styles = [_style(row, pools) for path in _parts("styles") for row in rows(path)]
    lines = [_line(row) for path in _parts("lines") for row in rows(path)]
    models: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in rows("models"):
        models[row["group"]] = (*models.get(row["group"], ()), (row["en"], row["zh"]))
    return Tables(
        categories=tuple(_category(row, styles) for row in rows("categories")),
        brands=tuple(_brand(row) for row in rows("brands")),
        lines=tuple(lines),
        titles=tuple(_line(row) for row in rows("titles")),
        models=models,
        words={row["value"]: (row["en"], row["zh"]) for row in rows("words")},
        sizes={(row["scheme"], row["audience"]): tuple(row["values"].split("|")) for row in rows("sizes")},
        markup={row["material"]: float(row["factor"]) for row in rows("markup")},
        pools=pools,
    )


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table, every cell a string."""
    with (FOLDER / f"{table}.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            {key: cell or "" for key, cell in row.items()}
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def draw(cell: Cell, choose: Choose) -> tuple[str, ...]:
    """One value of each pool, tied values taken apart, nothing twice."""
    drawn = (part for pool in cell for part in choose(pool).split("+") if part)
    return tuple(dict.fromkeys(drawn))


def _cell(text: str, pools: Mapping[str, tuple[str, ...]]) -> Cell:
    def expand(option: str) -> tuple[str, ...]:
        return pools[option[1:]] if option.startswith("@") else (option,)

    groups = (group.strip() for group in text.split(",")) if text else ()
    return tuple(tuple(value for option in group.split("|") for value in expand(option)) for group in groups)


def _keyed(cell: Cell) -> Cell:
    """`length=98 cm|104 cm` names its key once; here every alternative carries it."""
    keyed = ((group[0].partition("=")[0], group) for group in cell)
    return tuple(tuple(v if "=" in v else f"{key}={v}" for v in group) for key, group in keyed)


def _style(row: Mapping[str, str], pools: Mapping[str, tuple[str, ...]]) -> Style:
    low, high = row["price"].split("-")
    details = zip(row["detail en"].split(" | "), row["detail zh"].split(" | "), strict=True)
    return Style(
        category=row["category"],
        en=row["en"],
        zh=row["zh"],
        price=(float(low), float(high)),
        materials=_cell(row["materials"], pools),
        colors=_cell(row["colors"], pools),
        audience=_cell(row["audience"], pools),
        features=_cell(row["features"], pools),
        occasions=_cell(row["occasions"], pools),
        attributes=_keyed(_cell(row["attributes"], pools)),
        details=tuple(details),
    )


def _category(row: Mapping[str, str], styles: Sequence[Style]) -> Category:
    return Category(
        value=row["category"],
        stem=row["stem"],
        families=tuple(row["families"].split("|")),
        count=int(row["count"]),
        field=row["field"],
        models=row["models"],
        sizes=row["sizes"],
        spec=row["spec"],
        styles=tuple(style for style in styles if style.category == row["category"]),
    )


def _brand(row: Mapping[str, str]) -> Brand:
    return Brand(row["brand"], row["zh"], frozenset(row["fields"].split("|")), float(row["tier"]))


def _line(row: Mapping[str, str]) -> Line:
    scopes = frozenset(row["scope"].split("|"))
    en, zh = row["en"], row["zh"]
    fields = frozenset(name for _, name, _, _ in Formatter().parse(en + zh) if name)
    return Line(scopes, row.get("role", ""), _cell(row["when"], {}), en, zh, fields)


def _parts(kind: str) -> list[str]:
    return sorted(path.stem for path in FOLDER.glob(f"*.{kind}.tsv"))


def _true(token: str, tokens: frozenset[str]) -> bool:
    return token[1:] not in tokens if token.startswith("!") else token in tokens

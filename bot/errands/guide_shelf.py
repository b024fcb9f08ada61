"""Buying guides as files: Markdown in two languages, the shop's own beside those of the demo shop.

    ---
    title: How to choose running shoes
    for: running shoes, shoes
    ---
    Text ...
    - [Non-slip running shoes](find: category=running shoes; feature=non-slip; max=80)

`for` names kinds of thing of the shop's vocabulary. A line with a `find:` link becomes a button, shown only while the
shop has something that fits. A shop puts its own under `guides/en` and `guides/zh` of its data folder; one of the same
file name takes the place of the demo's.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import storage.demo
from bot.plain import clean
from storage.records import FILTERED_SLOTS, Language, Need, PriceRange, SlotName, Wish

SHIPPED = Path(storage.demo.__file__).parent / "guides"
_HEAD = re.compile(r"\A---\s*\n(.*?)\n---\s*\n(.*)\Z", re.DOTALL)
_LINK = re.compile(r"^\s*[-*]\s*\[([^\]]{1,80})\]\(find:([^)]*)\)\s*$")
_ANY_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SLOTS = frozenset(slot.value for slot in (*FILTERED_SLOTS, SlotName.FEATURE, SlotName.OCCASION))
_LARGEST = 50_000  # bytes of a file: a guide is read in a chat
_BLOCK = 800  # characters of one paragraph
LINKS = 100
HEADING = "▸ "
_log = logging.getLogger(__name__)


class GuideError(ValueError):
    """A file that is no guide; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class GuideLink:
    """What a guide leads to: its words, and the wishes and the highest price that they stand for."""

    label: str
    wishes: tuple[Wish, ...]
    most: Decimal | None = None

    def need(self, base: Need, currency: str) -> Need:
        """The need of the link, in the language and from the instant of `base`."""
        price = PriceRange(max=self.most, currency=currency) if self.most is not None else None
        return Need(language=base.language, since=base.since, wishes=self.wishes, price=price, price_said=price)


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language. `number` names it in buttons, the same in both languages and after a restart."""

    name: str
    language: Language
    title: str
    kinds: tuple[str, ...]
    blocks: tuple[str, ...]
    links: tuple[GuideLink, ...]

    @property
    def number(self) -> int:
        return zlib.crc32(self.name.encode())


def read_guide(path: Path, language: Language) -> Guide:
    """The guide of a file. Raises GuideError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise GuideError(f"{path.name} is larger than {_LARGEST} bytes.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError(f"{path.name} cannot be read: {error}.") from error
    parts = _HEAD.match(text)
    head = dict(line.split(":", 1) for line in parts[1].splitlines() if ":" in line) if parts else {}
    title, kinds = head.get("title", "").strip(), [kind.strip() for kind in head.get("for", "").split(",")]
    if parts is None or not title:
        raise GuideError(f"{path.name} has no title: it must begin with --- and a line title: ...")
    lines = parts[2].splitlines()
    links = tuple(link for line in lines if (found := _LINK.match(line)) and (link := _link(found[1], found[2])))
    body = "\n".join(_plain(line) for line in lines if not _LINK.match(line))
    blocks = tuple(block.strip()[:_BLOCK] for block in re.split(r"\n\s*\n", body) if block.strip())
    return Guide(path.stem, language, clean(title)[:80], tuple(kind for kind in kinds if kind), blocks, links)


def _plain(line: str) -> str:
    """A line of Markdown as the chat shows it: headings as lines of their own, bullets as dots."""
    line = re.sub(r"^#{1,6}\s*(.*)$", rf"{HEADING}\1", clean(line))
    line = re.sub(r"^\s*[-*]\s+", "• ", line)
    return _ANY_LINK.sub(r"\1", line).replace("**", "").replace("__", "")


def _link(label: str, query: str) -> GuideLink | None:
    """None where the link names nothing that can be looked for."""
    pairs = [pair.split("=", 1) for pair in query.split(";") if "=" in pair]
    wishes, most = [], None
    for name, value in ((name.strip(), value.strip()) for name, value in pairs):
        if name in _SLOTS and value:
            wishes.append(Wish(SlotName(name), value))
        elif name == "max":
            try:
                most = Decimal(value)
            except InvalidOperation:
                return None
    return GuideLink(clean(label), tuple(wishes), most) if wishes else None


class GuideShelf:
    """The guides of a shop, read once.

    Args:
        folder: the shop's own, `<data>/guides`; a broken file is reported in the log and left out.
    """

    def __init__(self, folder: Path) -> None:
        self._guides = {language: _shelf(folder, language) for language in ("en", "zh")}

    def all(self, language: Language) -> list[Guide]:
        """By title."""
        return sorted(self._guides[language].values(), key=lambda guide: guide.title)

    def get(self, number: int, language: Language) -> Guide | None:
        """The guide that a button names; in the other language where it is not there in this one."""
        other = "en" if language == "zh" else "zh"
        return self._guides[language].get(number) or self._guides[other].get(number)

    def on(self, kinds: tuple[str, ...], language: Language) -> Guide | None:
        """The guide on one of these kinds of thing, the first named first."""
        found = (guide for kind in kinds for guide in self.all(language) if kind in guide.kinds)
        return next(found, None)


def _shelf(folder: Path, language: Language) -> Mapping[int, Guide]:
    own = {path.name: path for path in sorted((folder / language).glob("*.md"))}
    found = []
    for path in ({path.name: path for path in sorted((SHIPPED / language).glob("*.md"))} | own).values():
        try:
            found.append(_read_once(path, language, path.stat().st_mtime_ns))
        except (GuideError, OSError) as error:
            _log.error("A guide is left out: %s", error)
    return {guide.number: guide for guide in found}


@cache
def _read_once(path: Path, language: Language, _changed: int) -> Guide:
    return read_guide(path, language)

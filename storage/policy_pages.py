"""A shop's own pages (delivery, returns, ...) from Markdown files, cut by their headings into passages.

    pages, problems = read_pages(Path("policies"))     # policies/en/returns.md, policies/zh/returns.md

A file may begin with its title and its address, as `---`, `title: Returns`, `url: https://...`, `---`; without a title
its first heading of the highest level is one. A heading may name itself for links: `## In what state {#state}`. Only
text is kept: lists become lines, links their words, pictures and markup nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from storage.records import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_BYTES, _PASSAGES = 1_000_000, 400  # of a file
_TEXT, _HEADING = 4_000, 200  # code points
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HEAD = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_ANCHOR = re.compile(r"\s*\{#([\w-]{1,60})\}\s*$")
# A full stop ends a sentence where something begins behind it: not inside "4.90" and "shop.example".
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|(?<=[。！？])[”’）]*|\n+")


class PageError(Exception):
    """The folder as a whole holds no pages; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands under it; `anchor` is its name in links, `line` where it begins in its file."""

    anchor: str
    heading: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language. `name` is its file's; `url` "" where it is nowhere but here."""

    language: Language
    name: str
    title: str
    url: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a file was not taken, and why. `line` 0 is the whole file."""

    file: str
    line: int
    reason: str


@dataclass
class _Reading:
    """A page in the making."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.file, line, reason))


def read_pages(folder: Path) -> tuple[list[Page], list[Problem]]:
    """Every page of a folder, and what could not be taken; bad sections never stop good ones.

    Raises PageError where there is no folder with files in `en` or `zh`.
    """
    files = [(language, path) for language in LANGUAGES for path in sorted((folder / language).glob("*.md"))]
    if not files:
        raise PageError(f"{folder} has no pages: expected Markdown files like en/returns.md and zh/returns.md in it.")
    pages, problems = [], []
    for language, path in files:
        reading = _Reading(f"{language}/{path.name}")
        if page := _page(path, language, reading):
            pages.append(page)
        problems += reading.problems
    return pages, problems


def sentences(text: str) -> list[str]:
    """A passage in sentences, in order."""
    return [piece for piece in (part.strip() for part in _SENTENCE_END.split(text)) if piece]


def _page(path: Path, language: Language, reading: _Reading) -> Page | None:
    source = _source(path, reading)
    if source is None:
        return None
    head = _HEAD.match(source)
    facts = _facts(head.group(1)) if head else {}
    body = source[head.end() :] if head else source
    above = source[: head.end()].count("\n") if head else 0
    found = list(_sections(body, above))
    title = facts.get("title") or next((section.heading for level, section in found if level == 1), "")
    title = title or path.stem.replace("-", " ").capitalize()
    sections = _sound([section for _, section in found if section.text], reading)
    if not sections:
        reading.refuse(0, "no heading with text under it")
        return None
    url = facts.get("url", "")
    if url and not re.match(r"https?://\S+$", url):
        reading.refuse(1, f"the address {url[:60]!r} is none of the web: left out")
        url = ""
    return Page(language, path.stem, title[:_HEADING], url[:1000], sections)


def _source(path: Path, reading: _Reading) -> str | None:
    if not _NAME.fullmatch(path.stem):
        reading.refuse(0, "a page's file is named in small letters, digits and hyphens")
    elif path.stat().st_size > _BYTES:
        reading.refuse(0, f"larger than {_BYTES // 1000} kB")
    else:
        try:
            return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError as error:
            reading.refuse(0, f"no UTF-8 text (byte {error.start})")
    return None


def _facts(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.splitlines())
    return {name.strip().casefold(): value.strip().strip("\"'") for name, _, value in pairs if value.strip()}


def _sections(body: str, above: int) -> Iterator[tuple[int, Section]]:
    """Headings with their levels and the text under them; text above the first heading stands under none."""
    level, heading, line, lines = 0, "", above + 1, list[str]()
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            yield level, _section(heading, lines, line)
            level, heading, lines = int(token.tag[1]), _plain(tokens[at + 1]), []
            line = above + (token.map[0] if token.map else 0) + 1
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            lines.append(_plain(token))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.strip())
    yield level, _section(heading, lines, line)


def _section(heading: str, lines: list[str], line: int) -> Section:
    named = _ANCHOR.search(heading)
    words = heading[: named.start()] if named else heading
    anchor = named.group(1) if named else re.sub(r"[^\w]+", "-", words.casefold()).strip("-")[:60]
    return Section(anchor, words.strip(), "\n".join(part for part in lines if part), line)


def _plain(inline: Token) -> str:
    """The words of a run of text, without its markup."""
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return re.sub(r"[ \t]+", " ", "".join(parts)).strip()


def _sound(sections: list[Section], reading: _Reading) -> tuple[Section, ...]:
    """Those that can be kept, each with an anchor of its own."""
    kept: dict[str, Section] = {}
    for section in sections:
        if not section.heading:
            reading.refuse(section.line, "text above the first heading is left out")
        elif len(section.heading) > _HEADING or len(section.text) > _TEXT:
            reading.refuse(section.line, f"longer than {_TEXT} letters: part it with more headings")
        elif section.anchor in kept:
            reading.refuse(section.line, f"a second heading named {section.anchor!r}: left out")
        elif len(kept) == _PASSAGES:
            reading.refuse(section.line, f"more than {_PASSAGES} headings: the rest is left out")
            break
        else:
            kept[section.anchor] = section
    return tuple(kept.values())

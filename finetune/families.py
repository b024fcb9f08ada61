"""Template families: where a message of the training data comes from, and which side of the split it falls on.

A grammar folder holds `<intent>.txt`, one template a line. Each line is a family: all its messages go to the same
side, so that no phrasing of the dev set was trained on. Behind a template stand its labels: `@also=search` the further
requests (`,` between them), `@asked=budget` what the bot asked just before, `@subject=wear` what it has to be about.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from finetune.grammar import GrammarError, Node, parse
from storage.records import Intent, Language

_LABEL = re.compile(r"\s+@(also|asked|subject)=(\S+)")


@dataclass(frozen=True, slots=True)
class Family:
    """One template with its labels. `id` changes only when the line does."""

    id: str
    intent: Intent
    node: Node = field(repr=False)
    also: tuple[Intent, ...] = ()
    asked: str | None = None
    subject: str = ""

    @property
    def draw_order(self) -> str:
        """A number that looks random and never changes: it decides the split."""
        return hashlib.sha256(self.id.encode()).hexdigest()


def read_families(folder: Path, language: Language) -> dict[Intent, list[Family]]:
    """All families of a language by intent, in file order. GrammarError for a line that cannot be read."""
    return {intent: _read(folder / f"{intent}.txt", intent, language) for intent in Intent}


def split(families: list[Family], share: float) -> tuple[list[Family], list[Family]]:
    """Training and dev families of one intent; `share` of them (at least one) are dev.

    Which is which hangs on each family's own id, so that a new template moves few others.
    """
    ranked = sorted(families, key=lambda family: family.draw_order)
    dev = {family.id for family in ranked[: max(1, round(len(ranked) * share))]}
    return [f for f in families if f.id not in dev], [f for f in families if f.id in dev]


def _read(path: Path, intent: Intent, language: Language) -> list[Family]:
    found: dict[str, Family] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        try:
            family = _family(line.strip(), intent, language)
        except (GrammarError, ValueError) as error:
            raise GrammarError(f"{path.name}:{number}: {error}") from error
        found.setdefault(family.id, family)
    return list(found.values())


def _family(line: str, intent: Intent, language: Language) -> Family:
    labels = dict(_LABEL.findall(line))
    template = _LABEL.sub("", line)
    digest = hashlib.sha256(line.encode()).hexdigest()[:8]
    return Family(
        id=f"{language}/{intent}/{digest}",
        intent=intent,
        node=parse(template),
        also=tuple(Intent(name) for name in labels.get("also", "").split(",") if name),
        asked=labels.get("asked"),
        subject=labels.get("subject", ""),
    )

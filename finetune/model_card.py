"""The model card of a trained adapter (Mitchell et al. 2019, arXiv 1810.03993): what it is, what it learned from, how
well it did, where it ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from finetune.material import Material
from nlu.artifact import Artifact


def model_card(artifact: Artifact, material: Material, licence: str) -> str:
    """Markdown. `licence`: the licence of the data, in words."""
    meta = artifact.meta
    parts = [
        f"# {artifact.version}",
        _intent(meta),
        "## Data",
        _data(material, meta["data"], licence),
        "## Figures on the development set",
        _figures(meta["figures"], material),
        "## Recipe",
        _table(("knob", "value"), {name: _plain(value) for name, value in meta["config"].items()}),
        "## Limits",
        _limits(material),
        "## Licence",
        f"The base, {meta['base']['name']}, is under the Apache License 2.0, and so is this project's code. "
        f"The data: {licence}. What the licence of the data asks of works made from it holds for this adapter.",
    ]
    return "\n\n".join(parts) + "\n"


def _intent(meta: Mapping[str, Any]) -> str:
    base = meta["base"]
    return (
        f"Reads a short message: one of {len(meta['labels'])} labels, further requests, slots and negation. "
        f"An adapter ({meta['config']['adapter']}, rank {meta['lora']['r']}) on the encoder {meta['encoder']}, which "
        f"stands on {base['name']} (SHA-256 {base['sha256'][:12]}...). Temperature {meta['temperature']:.3g}."
    )


def _data(material: Material, hashes: Mapping[str, str], licence: str) -> str:
    languages = Counter(example.language for example in material.train)
    said = ", ".join(f"{count} {language}" for language, count in languages.most_common())
    counts = Counter(example.intent for example in material.train).most_common()
    lines = [
        f"{len(material.train)} messages to learn from ({said}), {len(material.dev)} to judge on; {licence}. "
        f"The commonest label is {counts[0][0]} ({counts[0][1]}), the rarest {counts[-1][0]} ({counts[-1][1]}).",
        _table(("file", "SHA-256"), hashes),
    ]
    return "\n\n".join(lines)


def _figures(figures: Mapping[str, float], material: Material) -> str:
    """Without those of which the development set says nothing."""
    silent = {
        "slot_f1": not any(example.spans for example in material.dev),
        "also_f1": not any(example.also for example in material.dev),
    }
    return _table(("figure", "value"), {n: f"{value:.4g}" for n, value in figures.items() if not silent.get(n)})


def _limits(material: Material) -> str:
    known = sorted({example.language for example in material.train})
    lines = [
        f"- It has seen {' and '.join(known)}; what it reads in other languages means nothing.",
        "- It reads the first 500 characters of a message and about 120 word pieces of them.",
        "- Figures on a development set that chose the epoch (and the seed) are a little too good; take a test set.",
    ]
    if not any(example.spans for example in material.train):
        lines.append("- No slots were labelled: it reads none.")
    if not any(example.also for example in material.train):
        lines.append("- No further requests were labelled: it reads the first alone.")
    if not material.dev:
        lines.append("- Nothing was held out: its confidence is not calibrated and no figure was taken.")
    return "\n".join([*lines, *(f"- {warning}" for warning in material.warnings)])


def _table(heads: tuple[str, str], rows: Mapping[str, str]) -> str:
    lines = [f"| {heads[0]} | {heads[1]} |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join(lines) if rows else "None."


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

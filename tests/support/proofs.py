"""Which conversation file proves which intent, in which language, by words and by buttons.

    python -m tests.support.proofs            the table, as docs/journey.md holds it
    python -m tests.support.proofs --write    writes it there

A step proves an intent where it says what must have been understood (`expect: {intent: ...}`); what a tap stands for in
the transcript is its intent.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from storage.records import Intent
from tests.support.conversations import conversations

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "journey.md"
_LANGUAGES = ("en", "zh")
_WAYS = ("say", "tap")
_NAMED = 3  # files named in a cell
_HEAD = """# The shopper's journey, and what proves it

Written by `python -m tests.support.proofs --write` from the conversations in `tests/conversations/`, each of which
`pytest tests/bot/test_conversations.py` plays through the real bot over HTTP. A cell names files in which a shopper
does it by words or by a button, and in which what was understood is checked.

| intent | English, words | English, buttons | 中文，文字 | 中文，按钮 |
|---|---|---|---|---|
"""

Proofs = dict[tuple[str, str, str], list[str]]


def proofs() -> Proofs:
    """File names by intent, language and way, those with the most such steps first."""
    counted = defaultdict(lambda: defaultdict(int))
    for path, talk in conversations():
        for step in talk["steps"]:
            intent = step.get("expect", {}).get("intent")
            for way in _WAYS:
                if intent and way in step:
                    counted[intent, talk["language"], way][path.stem] += 1
    return {key: sorted(files, key=lambda name: (-files[name], name)) for key, files in counted.items()}


def table(found: Proofs) -> str:
    """The page docs/journey.md."""
    rows = [
        f"| `{intent}` | " + " | ".join(_cell(found, intent, language, way) for language in _LANGUAGES for way in _WAYS)
        for intent in Intent
    ]
    return _HEAD + "\n".join(f"{row} |" for row in rows) + "\n"


def _cell(found: Proofs, intent: Intent, language: str, way: str) -> str:
    files = found.get((intent.value, language, way), [])
    more = f" +{len(files) - _NAMED}" if len(files) > _NAMED else ""
    return ", ".join(f"`{name}`" for name in files[:_NAMED]) + more


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.proofs", description=__doc__.split("\n\n")[0])
    parser.add_argument("--write", action="store_true", help="write docs/journey.md")
    if parser.parse_args().write:
        PAGE.write_text(table(proofs()), encoding="utf-8")
    else:
        print(table(proofs()), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

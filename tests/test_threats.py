"""Each threat of docs/threats.md names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROOF = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def _names_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_is_proved_by_tests_that_exist():
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and line.count("|") == 4]
    threats = [row for row in rows if not row.startswith(("| threat ", "|---", "| actor ")) and "::" in row]
    assert len(threats) > 30
    missing = [f"{path}::{name}" for path, name in PROOF.findall(text) if name not in _names_in(path)]
    assert missing == []
    tables = text.split("## Shoppers, against each other")[1].split("## What is not held")[0]
    bare = [
        line for line in tables.splitlines() if line.startswith("| ") and "::" not in line and "| threat |" not in line
    ]
    assert bare == [], "a threat without a proof"

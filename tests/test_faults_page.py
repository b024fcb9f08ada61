"""Each row of docs/faults.md says what is lost, and names tests, alerts and figures that exist."""

import re
from pathlib import Path

import pytest

from bot.health.figures import REGISTRY

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| fault |")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_fault_is_told_whole_and_its_tests_exist(row):
    assert len(row) == 5
    assert all(row)
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", row[4])
    assert named
    for path, test in named:
        assert re.search(rf"def {test}\(", (ROOT / "tests" / path).read_text(encoding="utf-8")), f"{path}::{test}"


def test_the_alerts_and_figures_that_are_named_exist():
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^### (\S+)$", runbook, re.MULTILINE)) | {"when-something-breaks"}
    assert set(re.findall(r"operations\.md#([\w-]+)", PAGE)) <= sections
    served = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    served |= {name for family in REGISTRY.collect() for name in (family.name, f"{family.name}_total")}
    figures = {name for row in ROWS for name in re.findall(r"`([a-z]+_[a-z_]+)`", row[3])}
    assert figures
    assert figures <= served

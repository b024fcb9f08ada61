"""What the program watches, what its documents say and what other programs are told of it are the same."""

import json
import re
from pathlib import Path

import pytest
import yaml

from bot.health import figures
from bot.health.rules import RULES
from bot.reply import Line
from bot.wording import LANGUAGES, Wording

ROOT = Path(__file__).parent.parent.parent.parent
RUNBOOK = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
WORDING = Wording(strict=True)
FACTS = {
    "minutes": 3,
    "seconds": 70,
    "count": 2,
    "percent": 30,
    "megabytes": 12,
    "hours": 31,
    "feed": "https://x/y",
    "part": "search",
    "most": 3,
    "days": 30,
}
OF_PROMETHEUS = {"up"}
_WORD = re.compile(r"\b[a-z]+_[a-z_]+\b|\bup\b")


def served():
    """The names that /metrics and the console's twin know."""
    from bot.console.health import FIGURES

    names = set()
    for registry in (figures.REGISTRY, FIGURES):
        for metric in registry.collect():
            names |= {metric.name, f"{metric.name}_total", f"{metric.name}_info"}
            names |= {f"{metric.name}_{part}" for part in ("bucket", "sum", "count")}
            names |= {sample.name for sample in metric.samples}
    return names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_alert_has_its_section_and_its_words(rule):
    section = RUNBOOK.split(f"\n### {rule.name}\n")[1].split("\n#")[0]
    assert "**It means:**" in section
    assert "**Do:**" in section
    for language in LANGUAGES:
        said = [WORDING.say(Line(f"alert-{rule.name}{part}", FACTS), language) for part in ("", "-means", "-do")]
        assert all(said)
        assert rule.clears_at <= rule.fires_at


def test_no_section_is_of_an_alert_that_is_gone():
    alerts = RUNBOOK.split("\n## Alerts\n")[1].split("\n## ")[0]
    assert re.findall(r"^### (\S+)$", alerts, re.M) == [*dict.fromkeys(re.findall(r"^### (\S+)$", alerts, re.M))]
    assert set(re.findall(r"^### (\S+)$", alerts, re.M)) == {rule.name for rule in RULES}


def test_every_figure_is_documented_and_every_documented_figure_is_served():
    table = RUNBOOK.split("| figure | says |")[1].split("\n\n")[0]
    documented = {name.split("{")[0] for cell in re.findall(r"^\| ([^|]+) \|", table, re.M) for name in _names(cell)}
    named = {name for name in documented if not name.endswith("*")}
    assert named <= served()
    ours = {metric.name for metric in figures.REGISTRY.collect()}
    families = {re.sub(r"_(total|info)$", "", name) for name in named}
    assert {name for name in ours - families if not name.startswith(("process_", "python_"))} == set()


def _names(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_the_dashboard_asks_for_figures_that_exist():
    board = json.loads((ROOT / "docs/deploy/grafana.json").read_text(encoding="utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) > 10
    for panel in board["panels"]:
        for target in panel["targets"]:
            assert _asked(target["expr"]), target
            assert _asked(target["expr"]) <= served(), target
            assert target["expr"].count("(") == target["expr"].count(")")


def test_prometheus_is_told_of_the_same_alerts():
    groups = yaml.safe_load((ROOT / "docs/deploy/alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["alert"] for rule in rules} == {rule.name for rule in RULES} | {"bot-gone"}
    for rule in rules:
        assert _asked(rule["expr"]) <= served() | OF_PROMETHEUS, rule
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("urgent", "warning")
        assert rule["expr"].count("(") == rule["expr"].count(")")


def _asked(expr):
    """Names of figures in an expression: words with an underscore that are no function, label or value."""
    bare = re.sub(r'"[^"]*"', "", expr)
    bare = re.sub(r"\b(histogram_quantile|group_left|group_right)\b", "", bare)
    return set(_WORD.findall(bare))

import json
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from finetune.evaluate import main
from tests.support.adapters import of_another_trade, write_rows


@pytest.fixture
def data(tmp_path):
    write_rows(tmp_path / "dev.jsonl")
    return tmp_path


class Tags(HTMLParser):
    """Elements that are opened, and whether each is closed in its turn."""

    EMPTY = ("meta", "br", "link", "img")

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)


def test_the_network_the_understander_and_the_rules_stand_side_by_side(data, request):
    cache, page = request.config.cache.mkdir("shopbot-models"), data / "page.html"
    result = CliRunner().invoke(main, ["--data", str(data), "--cache", str(cache), "--json", "--html", str(page)])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert list(figures) == ["network", "understander", "rules"]
    assert {name: part["messages"] for name, part in figures["rules"].items()} == {"all": 8, "en": 5, "zh": 3}
    whole = figures["understander"]["all"]
    assert whole["accuracy"] >= 0.75
    assert whole["auroc"] > 0.8
    assert whole["slots"]["all"]["support"] == 3
    assert sum(map(sum, whole["confusion"]["counts"])) == 8
    assert whole["slices"]["negation"]["something negated"]["messages"] == 1
    low, high = whole["intervals"]["accuracy"]
    assert low <= whole["accuracy"] <= high
    _check_page(page.read_text(encoding="utf-8"), figures)


def _check_page(text, figures):
    """It is whole, well-formed, asks for nothing from elsewhere, and escapes what shoppers wrote."""
    tags = Tags(text)
    assert not tags.open
    assert tags.seen.count("svg") >= 6
    assert "script" not in tags.seen
    assert not tags.links
    assert "<b>&" not in text
    assert "France &lt;b&gt;&amp;" in text or figures["understander"]["all"]["accuracy"] == 1
    assert not re.search(r'="[^"]*(nan|None|inf)\b', text)
    for name in ("accuracy", "auroc"):
        assert f"<b>{100 * figures['understander']['all'][name]:.1f}</b>" in text


def test_labels_of_another_trade_are_judged_by_the_network_alone_and_the_outside_by_name(tmp_path):
    rows = [
        {"text": "show me a red dress", "label": "FIND"},
        {"text": "thank you so much", "intent": "PRAISE"},
        {"text": "asdf qwer 123", "intent": "NO_NODES_DETECTED"},
    ]
    write_rows(tmp_path / "test.jsonl", rows)
    model = of_another_trade(tmp_path / "model")
    arguments = ["--data", str(tmp_path), "--split", "test", "--model", str(model), "--outside", "NO_NODES_DETECTED"]
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert list(figures) == ["network"]
    assert figures["network"]["all"]["auroc"] == 1
    assert figures["network"]["all"]["inside_accuracy"] == 1
    assert figures["network"]["all"]["outside_recall"] == 1


def test_what_is_absent_or_broken_is_one_sentence(data, tmp_path):
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"text": "caf\xe9", "intent": "search"}\n')
    other = tmp_path / "other.jsonl"
    write_rows(other, [{"text": "where is my card", "intent": "card_arrival"}])
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    for arguments in (
        ["--data", str(data), "--split", "challenge"],
        ["--data", str(data), "--model", str(tmp_path / "nowhere")],
        ["--data", str(latin)],
        ["--data", str(other)],
        ["--data", str(tmp_path / "empty.jsonl")],
    ):
        page = tmp_path / "page.html"
        result = CliRunner().invoke(main, [*arguments, "--html", str(page)])
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert result.output.count("\n") == 1
        assert not page.exists()

import json

import pytest
from click.testing import CliRunner

from finetune.evaluate import main

ROWS = [
    {"text": "show me a red dress", "intent": "search", "lang": "en",
     "slots": [{"name": "color", "start": 10, "end": 13}, {"name": "category", "start": 14, "end": 19}]},
    {"text": "thank you", "intent": "thanks", "lang": "en", "slots": []},
    {"text": "找红色的连衣裙", "intent": "search", "lang": "zh"},
]  # fmt: skip


@pytest.fixture
def data(tmp_path):
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (tmp_path / "dev.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_the_network_the_understander_and_the_rules_stand_side_by_side(data, request):
    cache = request.config.cache.mkdir("shopbot-models")
    result = CliRunner().invoke(main, ["--data", str(data), "--cache", str(cache), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert list(figures) == ["network", "understander", "rules"]
    assert {name: part["messages"] for name, part in figures["rules"].items()} == {"all": 3, "en": 2, "zh": 1}
    assert figures["understander"]["en"]["accuracy"] == 1
    assert figures["understander"]["en"]["slots"]["all"]["support"] == 2


def test_what_is_absent_is_one_sentence(data, tmp_path):
    for arguments in (["--split", "challenge"], ["--model", str(tmp_path / "nowhere")]):
        result = CliRunner().invoke(main, ["--data", str(data), *arguments])
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert result.output.count("\n") == 1

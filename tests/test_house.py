"""The promises that hold the house together: settings, commands and files say the same everywhere."""

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parent.parent
ROOMS = {"bot", "nlu", "recommender", "finetune", "storage", "tests"}


def _env_names():
    return {
        field.validation_alias.choices[0] if field.validation_alias else f"SHOPBOT_{name.upper()}": field.default
        for name, field in Settings.model_fields.items()
    }


def test_env_example_lists_every_setting_with_its_default():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert listed == {name: "" if default is None else str(default) for name, default in _env_names().items()}


def test_env_example_is_itself_a_valid_setting(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHOPBOT_PAGE_SISE", "3", "Unknown setting SHOPBOT_PAGE_SISE"),
        ("SHOPBOT_PAGE_SIZE", "many", "SHOPBOT_PAGE_SIZE"),
        ("SHOPBOT_RATES", "CNY=seven", "SHOPBOT_RATES"),
        ("SHOPBOT_TIME_ZONE", "Mars/Olympus", "no IANA time zone"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(monkeypatch, tmp_path, name, value, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(says)):
        load_settings()


def test_every_command_has_help_with_its_options_described():
    runner = CliRunner()
    commands = runner.invoke(shopbot, ["--help"]).output
    for name in ("run", "catalog", "search", "understand"):
        assert name in commands
        shown = runner.invoke(shopbot, [name, "--help"])
        assert shown.exit_code == 0, shown.output
        assert len(shown.output.splitlines()) > 5


def test_readme_names_the_commands_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    named = set(re.findall(r"make (\w+)", readme))
    assert {"run", "test", "check", "bench"} <= named
    assert named <= targets


def test_the_top_level_is_the_agreed_one():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {path.split("/")[0] for path in tracked if "/" in path}
    assert folders == ROOMS | {"docs", ".ci"}


def test_no_path_of_a_machine_stands_in_the_project():
    found = subprocess.run(
        ["git", "grep", "-nIE", r"/(home|root|work|Users)/[a-z]", "--", ":!*.lock", ":!tests/test_house.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    assert found == ""

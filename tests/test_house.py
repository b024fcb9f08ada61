"""The promises that hold the house together: settings, commands and files say the same everywhere."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions
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
    for name in ("run", "catalog", "search", "understand", "replay", "events", "hand", "report", "console", "staff"):
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


def _imported(*rooms):
    """Top-level modules that the rooms import, at the top of a file or inside a function."""
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in named} - set(sys.stdlib_module_names)


@pytest.mark.long
def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.match(r"[\w.-]+", line)[0].lower() for line in project["dependencies"]}
    modules = defaultdict(set)
    for module, packages in packages_distributions().items():
        for package in packages:
            modules[package.lower().replace("_", "-")].add(module)
    imported = _imported(*ROOMS - {"tests"}) - ROOMS
    assert imported - {module for package in declared for module in modules[package]} == set()
    assert {package for package in declared if not modules[package] & imported} == {"python-multipart"}, "FastAPI's"


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


def test_every_file_that_a_room_reads_is_packaged():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    packaged = {
        path
        for package, globs in patterns.items()
        for glob in globs
        for path in (ROOT / package.replace(".", "/")).glob(glob)
    }
    rooms = [ROOT / room for room in ("bot", "nlu", "recommender", "finetune", "storage")]
    read = {path for room in rooms for path in room.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert sorted(str(path.relative_to(ROOT)) for path in read - packaged) == []

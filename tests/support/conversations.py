"""The files of tests/conversations. Each process that collects tests reads all of them, so they are read by libyaml."""

from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "conversations"


def conversation(path: Path):
    """What one file says. Raises yaml.YAMLError where it is no YAML."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def conversations():
    """(path, what it says) of every file, by name."""
    return [(path, conversation(path)) for path in sorted(FOLDER.glob("*.yaml"))]

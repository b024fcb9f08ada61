"""What the program leans on is written down: why, under which licence, and as it is pinned."""

from pathlib import Path

from tests.bench.dependencies import direct, odd, page, pinned

ROOT = Path(__file__).parent.parent


def test_each_dependency_has_its_reason_and_its_pin():
    named = direct()
    assert len(named) > 40
    assert [name for name, reason in named.items() if not reason] == [], "a comment in pyproject.toml says what for"
    assert named.keys() - pinned().keys() == set()


def test_every_licence_of_what_is_pinned_goes_with_ours_or_was_judged():
    assert odd() == {}


def test_the_page_is_as_the_program_prints_it():
    """`python -m tests.bench.dependencies > docs/dependencies.md` brings it up to date."""
    assert (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8") == page()

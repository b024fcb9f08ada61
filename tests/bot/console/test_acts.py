"""What the audit log says is said in both languages, whatever page wrote it."""

import ast
from pathlib import Path

import pytest

from bot.console.pages import act_code
from bot.wording import Wording
from storage.console.staff import Role
from tests.support.staff import Member

BOT = Path(__file__).parents[3] / "bot"
_PLACES = {"audit": 0, "_change": 1, "_changed": 3, "_with_invented": 3}
"""Where a call has its act."""


def _acts():
    """Every act that the program names."""
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(getattr(node.func, "value", None), "attr", "")
            place = 1 if name == "add" and owner == "audit" else _PLACES.get(name) if "console" in path.parts else None
            if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                yield node.args[place].value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_act_has_words(language):
    acts = set(_acts())
    assert len(acts) > 20
    assert {act for act in acts if act_code(act) not in Wording().codes(language)} == set()


def test_the_page_says_them_in_the_readers_language(app):
    boss = Member.of(app, "老板", Role.ADMIN, "zh")
    boss.post("/people/add", name="wei", role="viewer", language="zh")
    boss.post("/people/wei/role", role="reviewer")
    log = boss.text("/audit")
    for words in ("登录", "添加了账号", "更改了权限"):
        assert words in log
    with boss.client.app.state.desk.store as store:
        store.audit.add("老板", "an act of long ago")
    assert "an act of long ago" in boss.text("/audit")

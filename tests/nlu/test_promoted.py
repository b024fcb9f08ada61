"""The pointer: what serves a data folder, and what serves when the pointer or its model is broken."""

import json

import pytest

from nlu.artifact import ModelBroken, ModelMissing
from nlu.promoted import (
    Pointer,
    pointer_file,
    promoted_folder,
    read_pointer,
    serving_folder,
    shelf,
    signature,
    write_pointer,
)
from tests.support.models import SHIPPED_FOLDER, point, put_on_shelf, warmer

ANY = Pointer("understander-0123abcd", "shipped", "2026-11-20T10:00:00+00:00", "Ann", {"en": {"accuracy": 0.9}})


@pytest.fixture
def other(tmp_path):
    return warmer(tmp_path / "run", (), tmp_path / "none")


def test_without_a_pointer_the_shipped_understander_serves(tmp_path):
    assert read_pointer(tmp_path) is None
    assert signature(tmp_path) is None
    assert promoted_folder(tmp_path) == serving_folder(tmp_path) == SHIPPED_FOLDER


def test_a_pointer_comes_back_as_it_was_written(tmp_path):
    write_pointer(tmp_path, ANY)
    assert read_pointer(tmp_path) == ANY
    first = signature(tmp_path)
    write_pointer(tmp_path, ANY)
    assert None is not signature(tmp_path) != first


def test_the_promoted_understander_serves(tmp_path, other):
    put_on_shelf(tmp_path, tmp_path / "run", other.version)
    point(tmp_path, other.version)
    assert promoted_folder(tmp_path) == serving_folder(tmp_path) == shelf(tmp_path) / other.version
    point(tmp_path, "shipped", "")
    assert promoted_folder(tmp_path) == SHIPPED_FOLDER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"previous": "shipped"}',
        '{"version": "../../etc"}',
        '{"version": "understander-0123abcd", "previous": "/tmp"}',
        '{"version": "understander-0123abcd", "figures": [1]}',
    ],
)
def test_a_broken_pointer_is_one_sentence_and_the_shipped_one_serves(tmp_path, text):
    shelf(tmp_path).mkdir()
    pointer_file(tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(ModelBroken, match="is not a pointer"):
        promoted_folder(tmp_path)
    assert serving_folder(tmp_path) == SHIPPED_FOLDER


def test_a_pointer_to_nothing_or_to_another_model_is_refused(tmp_path, other):
    point(tmp_path, "understander-0123abcd")
    with pytest.raises(ModelMissing):
        promoted_folder(tmp_path)
    put_on_shelf(tmp_path, tmp_path / "run", "understander-0123abcd")
    with pytest.raises(ModelBroken, match=other.version):
        promoted_folder(tmp_path)
    assert serving_folder(tmp_path) == SHIPPED_FOLDER


def test_an_adapter_that_does_not_say_what_it_is_is_refused(tmp_path, other):
    put_on_shelf(tmp_path, tmp_path / "run", other.version)
    point(tmp_path, other.version)
    path = shelf(tmp_path) / other.version / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({name: value for name, value in meta.items() if name != "labels"}), encoding="utf-8")
    with pytest.raises(ModelBroken, match="does not say its labels"):
        promoted_folder(tmp_path)

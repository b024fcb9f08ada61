"""One network for all who open the same file, and another one as soon as the file is another."""

import os
import shutil

import pytest

from nlu.session import DerivedBroken, open_session


@pytest.fixture
def file(derived_models, tmp_path):
    smallest = min(derived_models, key=lambda path: path.stat().st_size)
    return shutil.copy(smallest, tmp_path / "network.onnx")


def test_a_file_that_is_open_is_opened_once(file):
    first = open_session(file)
    assert open_session(file) is first
    assert open_session(file, threads=2) is not first


def test_a_file_that_takes_its_place_is_opened_anew(file, tmp_path):
    first = open_session(file)
    shutil.copy(file, tmp_path / "newer.onnx").replace(file)
    assert open_session(file) is not first


def test_a_file_that_was_damaged_meanwhile_is_named(file):
    first = open_session(file)
    os.truncate(file, 1000)
    with pytest.raises(DerivedBroken, match=r"network\.onnx cannot be opened"):
        open_session(file)
    assert first.get_inputs()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DerivedBroken, match="none"):
        open_session(tmp_path / "none.onnx")

"""kill -9 in the middle of turns: nothing lost, nothing applied twice."""

import pytest

from tests.support.kills import kill_often
from tests.support.stage import copy_stocked


@pytest.mark.timeout(240)
async def test_three_kills_under_load_lose_nothing(stocked_folder, tmp_path):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    books = await kill_often(folder, kills=3)
    assert books.updates > 20
    assert books.integrity == "ok"
    assert books.unfinished == 0
    assert books.unanswered == []
    assert books.doubled_effects == 0
    assert books.unbalanced_tastes == 0
    # Each kill can fall between acceptance and record once for each shopper who is being answered.
    assert books.repeated <= books.kills * 4

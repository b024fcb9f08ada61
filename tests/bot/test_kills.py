"""kill -9 in the middle of turns: nothing lost, nothing applied twice.

Once in each run of the suite; `make deep` kills three times, `python -m tests.bench kills` fifty.
"""

import pytest

from tests.support.kills import kill_often
from tests.support.stage import copy_stocked


@pytest.mark.timeout(480)
@pytest.mark.long
@pytest.mark.parametrize("kills", [1, pytest.param(3, marks=pytest.mark.deep)])
async def test_kills_under_load_lose_nothing(stocked_folder, tmp_path, kills):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    books = await kill_often(folder, kills)
    assert books.updates > 7 * kills
    assert books.integrity == "ok"
    assert books.unfinished == 0
    assert books.unanswered == []
    assert books.doubled_effects == 0
    assert books.unbalanced_tastes == 0
    # Each kill can fall between acceptance and record once for each shopper who is being answered.
    assert books.repeated <= books.kills * 4

from itertools import pairwise, product

import torch

from finetune.crf import crf_loss


def test_the_loss_is_the_surprise_over_all_paths():
    torch.manual_seed(1)
    scores, follows = torch.randn(2, 3, 4), torch.randn(4, 4)
    tags = torch.tensor([[1, 0, 2], [3, 3, 0]])
    mask = torch.tensor([[True, True, True], [True, True, False]])
    wanted = 0.0
    for row, length in ((0, 3), (1, 2)):
        worth = {
            path: sum(scores[row, at, tag] for at, tag in enumerate(path))
            + sum(follows[a, b] for a, b in pairwise(path))
            for path in product(range(4), repeat=length)
        }
        total = torch.logsumexp(torch.stack(list(worth.values())), dim=0)
        wanted += total - worth[tuple(tags[row, :length].tolist())]
    torch.testing.assert_close(crf_loss(scores, tags, mask, follows), wanted / 5)

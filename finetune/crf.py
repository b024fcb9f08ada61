"""The loss of a linear-chain conditional random field over slot tags (Lafferty et al. 2001; Lample et al. 2016).

Token by token, a tagger happily says "a category begins" twice inside one word. Here a whole sequence is scored, with a
learned score for each tag following another, so that this costs what it should.
"""

from __future__ import annotations

import torch
from torch import Tensor


def crf_loss(scores: Tensor, tags: Tensor, mask: Tensor, follows: Tensor) -> Tensor:
    """Mean surprise a token. `scores` (n, tokens, tags); `tags` and `mask` (n, tokens), each row of the mask a
    run of ones from its first place on, and not empty; `follows` (tags, tags): from a row's tag to a column's.
    """
    reached, path = scores[:, 0], _at(scores[:, 0], tags[:, 0])
    for at in range(1, scores.shape[1]):
        alive = mask[:, at]
        through = torch.logsumexp(reached.unsqueeze(2) + follows, dim=1) + scores[:, at]
        reached = torch.where(alive.unsqueeze(1), through, reached)
        step = _at(scores[:, at], tags[:, at]) + follows[tags[:, at - 1], tags[:, at]]
        path = path + torch.where(alive, step, 0.0)
    return (torch.logsumexp(reached, dim=1) - path).sum() / mask.sum()


def _at(scores: Tensor, tags: Tensor) -> Tensor:
    return scores.gather(1, tags.unsqueeze(1)).squeeze(1)

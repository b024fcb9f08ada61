"""The loss of a linear-chain conditional random field over slot tags (Lafferty et al. 2001; Lample et al. 2016).

Token by token, a tagger happily says "a category begins" twice inside one word. Here a whole sequence is scored, with a
learned score for each tag following another, so that this costs what it should.

In all of it `scores` are (n, tokens, tags), `mask` (n, tokens) marks each row's own tokens, a run of ones from its
first place on (an empty row says nothing), and `follows` (tags, tags) scores a column's tag after a row's.
"""

from __future__ import annotations

import torch
from torch import Tensor


def crf_loss(scores: Tensor, tags: Tensor, mask: Tensor, follows: Tensor) -> Tensor:
    """Mean surprise a token at `tags` (n, tokens)."""
    first, later = mask[:, 0], mask[:, 1:]
    chosen = scores.gather(2, tags.unsqueeze(2)).squeeze(2)
    steps = follows[tags[:, :-1], tags[:, 1:]]
    path = (chosen * mask).sum(1) + (steps * later).sum(1)
    return ((log_partition(scores, mask, follows) - path) * first).sum() / mask.sum().clamp(min=1)


def crf_likeness(scores: Tensor, mask: Tensor, follows: Tensor, chances: Tensor, pairs: Tensor) -> Tensor:
    """Mean surprise a token where not one sequence is right, but each as likely as a teacher finds it: `chances`
    (n, tokens, tags) and `pairs` (n, tags, tags) are what `expected` says of the teacher's scores.
    """
    path = (scores * chances * mask.unsqueeze(2)).sum((1, 2)) + (follows * pairs).sum((1, 2))
    return ((log_partition(scores, mask, follows) - path) * mask[:, 0]).sum() / mask.sum().clamp(min=1)


def log_partition(scores: Tensor, mask: Tensor, follows: Tensor) -> Tensor:
    """The logarithm of the sum over all sequences, (n,). `follows` may have a first axis (n, ...)."""
    reached = scores[:, 0]
    for at in range(1, scores.shape[1]):
        through = torch.logsumexp(reached.unsqueeze(2) + follows, dim=1) + scores[:, at]
        reached = torch.where(mask[:, at, None], through, reached)
    return torch.logsumexp(reached, dim=1)


def expected(scores: Tensor, mask: Tensor, follows: Tensor) -> tuple[Tensor, Tensor]:
    """The chance of each tag on each token (n, tokens, tags), and how often each tag is to be expected after each other
    in a row (n, tags, tags): the gradients of the partition.
    """
    with torch.enable_grad():
        scores = scores.detach().requires_grad_(True)
        follows = follows.detach().expand(len(scores), -1, -1).clone().requires_grad_(True)
        chances, pairs = torch.autograd.grad(log_partition(scores, mask, follows).sum(), (scores, follows))
    return chances * mask.unsqueeze(2), pairs

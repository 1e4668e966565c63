"""Pay for a prompt once: rows that begin alike become one sequence, a tree of one trunk.

Eight calls of one program repeat its code eight times, and on output prediction that code is
most of the tokens. Here the common prefix is kept once and each row's rest hangs on it as a
branch: it continues the positions of the prefix, sees the prefix and itself, and no other
branch. The loss and its gradient are those of the rows one by one (tested), for fewer tokens.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile
from typing import Any

import torch
from trl import SFTTrainer

from trainers.rows import IGNORED, Example

Tree = dict[str, list[int]]
"""`input_ids`, `labels`, `position_ids` and `branch`: 0 in the trunk, then 1, 2, ... per row."""


def shared(examples: Sequence[Example]) -> int:
    """
    How many first tokens all `examples` share, short of the last token of any prompt.

    What follows the trunk in the sequence cannot be predicted from it (the token before is
    another branch's), so every branch begins with a token that has no loss.
    """
    prompts = (item.input_ids[: prompt_length(item) - 1] for item in examples)
    columns = zip(*prompts, strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))


def prompt_length(example: Example) -> int:
    """Tokens before the first with loss."""
    return next(n for n, label in enumerate(example.labels) if label != IGNORED)


def grow(examples: Sequence[Example]) -> Tree:
    """One tree of `examples`."""
    trunk = shared(examples)
    first = examples[0]
    tree: Tree = {
        "input_ids": list(first.input_ids[:trunk]),
        "labels": list(first.labels[:trunk]),
        "position_ids": list(range(trunk)),
        "branch": [0] * trunk,
    }
    for number, item in enumerate(examples, start=1):
        end = len(item.input_ids)
        tree["input_ids"] += item.input_ids[trunk:]
        tree["labels"] += item.labels[trunk:]
        tree["position_ids"] += range(trunk, end)
        tree["branch"] += [number] * (end - trunk)
    return tree


def plant(examples: Iterable[Example], length: int) -> Iterator[Tree]:
    """Trees of at most `length` tokens from consecutive examples of one program."""
    for _, group in groupby(examples, key=lambda item: item.program):
        taken: list[Example] = []
        for item in group:
            if taken and len(grow([*taken, item])["input_ids"]) > length:
                yield grow(taken)
                taken = []
            taken.append(item)
        yield grow(taken)


def collate(trees: list[Tree]) -> dict[str, torch.Tensor]:
    """One flat sequence of all `trees`, with the mask that keeps trees and branches apart."""
    flat = {key: torch.tensor([list(chain(*(tree[key] for tree in trees)))]) for key in trees[0]}
    sizes = torch.tensor([len(tree["branch"]) for tree in trees])
    tree_of = torch.arange(len(trees)).repeat_interleave(sizes)
    branch = flat.pop("branch")[0]
    same_tree = tree_of[:, None] == tree_of[None, :]
    visible = (branch[None, :] == 0) | (branch[:, None] == branch[None, :])
    flat["attention_mask"] = (same_tree & visible).tril()[None, None]
    return flat


class SharedPrefixTrainer(SFTTrainer):  # type: ignore[misc]  # trl is untyped
    """TRL's trainer on trees; logits are computed only where there is loss."""

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | None = None,
    ) -> Any:
        """Mean loss of the completion tokens, over the whole optimizer step when it is known."""
        next_labels = inputs.pop("labels")[0, 1:]
        scored = (next_labels != IGNORED).nonzero().flatten()
        outputs = model(**inputs, logits_to_keep=scored, use_cache=False)
        total = torch.nn.functional.cross_entropy(
            outputs.logits[0].float(), next_labels[scored], reduction="sum"
        )
        if num_items_in_batch is None:
            loss = total / len(scored)
        else:
            loss = total / num_items_in_batch
            if self.args.average_tokens_across_devices:
                # The count is over all processes, whose gradients are then averaged.
                loss = loss * self.accelerator.num_processes
        return (loss, outputs) if return_outputs else loss

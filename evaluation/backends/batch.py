"""Answers written side by side, where a place that falls free goes to the next prompt.

`generate` of `transformers` copies the keys and values of all earlier tokens for each new one,
and goes on computing rows that have ended until the longest has. Here a new token is written
into room kept behind the earlier ones, and rows that have ended make way for others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.nn.functional import pad
from transformers import DynamicCache, LogitsProcessorList
from transformers.cache_utils import Cache, DynamicLayer

from evaluation.backends import Request

ROOM = 128
"""Columns kept behind those in use, so that a new one is a copy of all only so often."""


@dataclass(slots=True)
class Row:
    """One answer as it is written."""

    index: int
    request: Request
    prompt: list[int]
    draws: LogitsProcessorList
    tokens: list[int] = field(default_factory=list)
    is_over: bool = False


class RoomyLayer(DynamicLayer):  # type: ignore[misc]  # transformers has no types here
    """Keys and values of one layer, each (rows, heads, columns, size), with room behind them."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        super().__init__()
        self.lazy_initialization(keys, values)
        self.keys, self.values = self._held = keys, values

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the next columns, and give them behind all earlier ones."""
        start = self.keys.shape[-2]
        end = start + key_states.shape[-2]
        if end > self._held[0].shape[-2]:
            keys, values = (pad(old, (0, 0, 0, end - start + ROOM)) for old in self._held)
            self._held = keys, values
        keys, values = self._held
        keys[..., start:end, :] = key_states
        values[..., start:end, :] = value_states
        self.keys, self.values = keys[..., :end, :], values[..., :end, :]
        return self.keys, self.values


@dataclass(slots=True)
class Batch:
    """Rows that are computed together. All end in the same column; short ones begin later."""

    rows: list[Row]
    mask: torch.Tensor
    """(rows, columns): 1 where a row has a token, 0 before it begins."""
    cache: Cache

    def kept(self, places: Sequence[int]) -> "Batch":
        """Only the rows at `places`, without the columns that none of them has."""
        mask = self.mask[places]
        first = int(mask.any(0).int().argmax())
        layers = [
            RoomyLayer(layer.keys[places, :, first:], layer.values[places, :, first:])
            for layer in self.cache.layers
        ]
        return Batch([self.rows[place] for place in places], mask[:, first:], Cache(layers))


def read(model: Any, rows: list[Row], pad_id: int) -> tuple[Batch, torch.Tensor]:
    """A batch of new rows, and the scores of the first token of each, (rows, vocabulary)."""
    width = max(len(row.prompt) for row in rows)
    ids = [[pad_id] * (width - len(row.prompt)) + row.prompt for row in rows]
    mask = [[0] * (width - len(row.prompt)) + [1] * len(row.prompt) for row in rows]
    batch = Batch(rows, torch.tensor(mask, device=model.device), DynamicCache(config=model.config))
    return batch, _scores(model, batch, ids)


def step(model: Any, batch: Batch) -> torch.Tensor:
    """Put the last token of each row into its last column; the scores of the next one of each."""
    batch.mask = pad(batch.mask, (0, 1), value=1)
    return _scores(model, batch, [row.tokens[-1:] for row in batch.rows])


def _scores(model: Any, batch: Batch, ids: list[list[int]]) -> torch.Tensor:
    positions = (batch.mask.cumsum(1) - 1).clamp(min=0)[:, -len(ids[0]) :]
    with torch.inference_mode():
        made = model(
            input_ids=torch.tensor(ids, device=model.device),
            attention_mask=batch.mask,
            position_ids=positions,
            past_key_values=batch.cache,
            logits_to_keep=1,
        )
    scores: torch.Tensor = made.logits[:, -1]
    return scores


def join(batches: Sequence[Batch]) -> Batch:
    """The rows of all `batches` as one, the narrower ones moved to the right."""
    width = max(batch.mask.shape[1] for batch in batches)
    room = [width - batch.mask.shape[1] for batch in batches]
    mask = [pad(batch.mask, (left, 0)) for batch, left in zip(batches, room, strict=True)]

    def side_by_side(parts: Sequence[torch.Tensor]) -> torch.Tensor:
        moved = [pad(part, (0, 0, left, 0)) for part, left in zip(parts, room, strict=True)]
        return torch.cat(moved)

    layers = [
        RoomyLayer(
            side_by_side([layer.keys for layer in layers]),
            side_by_side([layer.values for layer in layers]),
        )
        for layers in zip(*(batch.cache.layers for batch in batches), strict=True)
    ]
    return Batch([row for batch in batches for row in batch.rows], torch.cat(mask), Cache(layers))


def can_join(model: Any) -> bool:
    """Whether each layer of `model` keeps all earlier tokens, as rows that move need."""
    return all(type(layer) is DynamicLayer for layer in DynamicCache(config=model.config).layers)

"""`transformers`: runs anything, on a GPU where there is one."""

import copy
import os
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    LogitsProcessor,
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopPLogitsWarper,
)

from evaluation.backends import Decoding, Generation, Request
from evaluation.backends.batch import Batch, Row, can_join, join, read, step
from evaluation.backends.lanes import as_they_come
from evaluation.backends.local import batches, computes_in, encode, finish, has_stopped

LANES = 2
"""Batches that a CPU computes at once. It decides which answers share a batch, so it is the same
on every machine."""
ROWS = 48
"""Answers of one batch."""
FILLED = 0.75
"""Share of the rows that still run when the others make way."""
READ_ROWS = 8
"""Prompts that are read at once: more need more memory, and are not read faster."""


class TransformersGenerator:
    """`transformers`, in the type that suits the machine (`computes_in`)."""

    def __init__(self, folder: Path, tokenizer: Any) -> None:
        on_gpu = torch.cuda.is_available()
        if not on_gpu:
            # Attention reads each key once for all heads that share it, not once for each.
            os.environ.setdefault("TRANSFORMERS_SDPA_FORCE_GQA", "1")
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=getattr(torch, computes_in("transformers"))
        )
        self._model = model.to("cuda" if on_gpu else "cpu").eval()
        # What a model keeps beside its weights is not safe to share between threads.
        weights = {id(weight): weight for weight in model.parameters()}
        others = [copy.deepcopy(model, dict(weights)) for _ in range(0 if on_gpu else LANES - 1)]
        self._lanes = [model, *others]
        self._tokenizer = tokenizer
        self._pad_id = tokenizer.pad_token_id or tokenizer.eos_token_id

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """Answer every request, long prompts first, each answer given as soon as it is done."""
        ids = encode([request.prompt for request in requests], self._tokenizer)
        if not can_join(self._model):
            yield from self._in_batches(requests, ids, decoding)
            return
        places = sorted(range(len(ids)), key=lambda place: (-len(ids[place]), place))
        rows = [
            Row(place, requests[place], ids[place], draws(decoding, [requests[place].seed]))
            for place in places
        ]
        lanes = self._lanes[: len(rows)]
        streams = [
            self._side_by_side(model, rows[lane :: len(lanes)], decoding.max_new_tokens)
            for lane, model in enumerate(lanes)
        ]
        for row in as_they_come(streams):
            yield finish(
                row.index, row.tokens, row.request.prompt, self._tokenizer, decoding.max_new_tokens
            )

    def _side_by_side(self, model: Any, rows: list[Row], room: int) -> Iterator[Row]:
        """Rows as they end."""
        waiting = deque(rows)
        batch: Batch | None = None
        running: list[int] = []
        while waiting or running:
            if batch is None or len(running) <= FILLED * len(batch.rows):
                parts = [batch.kept(running)] if batch and running else []
                fresh = [waiting.popleft() for _ in range(min(ROWS - len(running), len(waiting)))]
                for start in range(0, len(fresh), READ_ROWS):
                    some = fresh[start : start + READ_ROWS]
                    part, scores = read(model, some, self._pad_id)
                    self._write(part.rows, scores, room)
                    parts.append(part)
                batch = join(parts)
                wrote = fresh
            else:
                wrote = [batch.rows[place] for place in running]
                self._write(batch.rows, step(model, batch), room)
            running = [place for place, row in enumerate(batch.rows) if not row.is_over]
            yield from (row for row in wrote if row.is_over)

    def _write(self, rows: list[Row], scores: torch.Tensor, room: int) -> None:
        """Append to each row that is not over its best token, and see whether it is now."""
        if rows[0].draws:
            scores = torch.cat(
                [row.draws(None, of[None]) for row, of in zip(rows, scores, strict=True)]
            )
        for row, token in zip(rows, scores.argmax(-1).tolist(), strict=True):
            if not row.is_over:
                row.tokens.append(token)
                row.is_over = (
                    token == self._tokenizer.eos_token_id
                    or len(row.tokens) == room
                    or has_stopped(row.tokens, row.request.prompt.stops, self._tokenizer)
                )

    def _in_batches(
        self, requests: Sequence[Request], ids: list[list[int]], decoding: Decoding
    ) -> Iterator[Generation]:
        """With the library's own `generate`, for a model whose layers forget: all can do that."""
        tokenizer, room = self._tokenizer, decoding.max_new_tokens
        for batch in batches(ids, room):
            padded = tokenizer.pad(
                {"input_ids": [ids[index] for index in batch]},
                padding_side="left",
                return_tensors="pt",
            ).to(self._model.device)
            stops = {stop for index in batch for stop in requests[index].prompt.stops}
            rows = self._model.generate(
                **padded,
                max_new_tokens=room,
                do_sample=False,
                logits_processor=draws(decoding, [requests[index].seed for index in batch]),
                tokenizer=tokenizer,
                stop_strings=sorted(stops) or None,
                pad_token_id=self._pad_id,
            )
            for index, row in zip(batch, rows[:, padded["input_ids"].shape[1] :], strict=True):
                yield finish(index, row.tolist(), requests[index].prompt, tokenizer, room)


def draws(decoding: Decoding, seeds: Sequence[int]) -> LogitsProcessorList:
    """What makes greedy search draw one sample for each seed; nothing where it is greedy."""
    if not decoding.temperature:
        return LogitsProcessorList()
    return LogitsProcessorList([
        TemperatureLogitsWarper(decoding.temperature),
        TopPLogitsWarper(decoding.top_p),
        GumbelNoise(seeds),
    ])  # fmt: skip


class GumbelNoise(LogitsProcessor):  # type: ignore[misc]  # transformers has no types here
    """
    Noise with which the highest score is a draw from the softmax of the scores.

    The Gumbel-max trick (Maddison et al. 2014, https://arxiv.org/abs/1411.0030, section 2).
    Each row has a generator of its own, so that a sample does not depend on which others are
    in its batch: a run that goes on gives the samples it would have given.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> Any:
        """Scores of the next token of each row, with its noise."""
        draws = [
            torch.empty(scores.shape[-1]).exponential_(generator=generator)
            for generator in self._generators
        ]
        return scores.float() - torch.stack(draws).log().to(scores.device)

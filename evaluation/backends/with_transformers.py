"""`transformers`: runs anything, on a GPU where there is one."""

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
from evaluation.backends.local import batches, encode, finish


class TransformersGenerator:
    """`transformers`, in bfloat16 on a GPU and in float32 on a CPU.

    A CPU without AVX512-BF16 is seven times slower in bfloat16 than in float32.
    """

    def __init__(self, folder: Path, tokenizer: Any) -> None:
        on_gpu = torch.cuda.is_available()
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.bfloat16 if on_gpu else torch.float32
        )
        self._model = model.to("cuda" if on_gpu else "cpu").eval()
        self._tokenizer = tokenizer

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """Answer every request, each answer given as soon as its batch is done."""
        tokenizer, room = self._tokenizer, decoding.max_new_tokens
        ids = encode([request.prompt for request in requests], tokenizer)
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
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
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

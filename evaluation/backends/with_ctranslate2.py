"""CTranslate2 in int8: the back end for a CPU."""

import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import torch
from ctranslate2.converters import TransformersConverter

from evaluation.backends import Decoding, Generation, Request
from evaluation.backends.local import batches, encode, finish, has_stopped, model_digest

CONVERTED = "ctranslate2-int8"


class Ctranslate2Generator:
    """CTranslate2 in int8, one batch on each core."""

    def __init__(self, folder: Path, tokenizer: Any) -> None:
        self._workers = torch.get_num_threads()
        self._model = ctranslate2.Generator(
            str(converted(folder)),
            compute_type="int8",
            inter_threads=self._workers,
            intra_threads=1,
        )
        torch.set_num_threads(self._workers)  # the library sets its own number for all
        self._tokenizer = tokenizer

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """
        Answer every request, each answer given as soon as its batch is done.

        Each thread of the library draws from one stream that can be seeded but not reset, so
        samples drawn again may be others; those that were saved are kept.
        """
        ids = encode([request.prompt for request in requests], self._tokenizer)
        if decoding.temperature and requests:
            ctranslate2.set_random_seed(requests[0].seed)
        shared = shared_start(ids)
        running: deque[tuple[list[int], list[Any]]] = deque()
        for batch in batches(ids, decoding.max_new_tokens):
            tails = [ids[index][shared:] for index in batch]
            stops = [requests[index].prompt.stops for index in batch]
            running.append((batch, self._submit(ids[0][:shared], tails, stops, decoding)))
            if len(running) > self._workers:
                yield from self._collect(*running.popleft(), requests, decoding)
        while running:
            yield from self._collect(*running.popleft(), requests, decoding)

    def _submit(
        self,
        shared: list[int],
        tails: list[list[int]],
        stops: list[tuple[str, ...]],
        decoding: Decoding,
    ) -> list[Any]:
        """Start a batch. The state behind the `shared` start of all prompts is computed once."""
        to_tokens = self._tokenizer.convert_ids_to_tokens
        sampled: dict[str, float] = {
            "sampling_topk": 0,  # any token
            "sampling_topp": decoding.top_p,
            "sampling_temperature": decoding.temperature,
        }
        results: list[Any] = self._model.generate_batch(
            [to_tokens(tail) for tail in tails],
            static_prompt=to_tokens(shared) or None,
            max_length=decoding.max_new_tokens,
            include_prompt_in_result=False,
            end_token=[self._tokenizer.eos_token_id],
            return_end_token=True,
            callback=stop_callback(stops, self._tokenizer),
            asynchronous=True,
            **(sampled if decoding.temperature else {}),
        )
        return results

    def _collect(
        self,
        batch: list[int],
        results: list[Any],
        requests: Sequence[Request],
        decoding: Decoding,
    ) -> Iterator[Generation]:
        for index, result in zip(batch, results, strict=True):
            written = result.result().sequences_ids[0]
            prompt, room = requests[index].prompt, decoding.max_new_tokens
            yield finish(index, written, prompt, self._tokenizer, room)


def converted(folder: Path) -> Path:
    """
    `folder` converted for CTranslate2, in a hidden folder beside it that is kept.

    Its name carries the model's digest, so that a model trained again is converted again.
    """
    folder = folder.resolve()
    target = folder.with_name(f".{folder.name}.{CONVERTED}-{model_digest(folder)}")
    if not target.exists():
        with tempfile.TemporaryDirectory(prefix=f".{CONVERTED}-", dir=folder.parent) as scratch:
            made = Path(scratch) / "model"
            TransformersConverter(str(folder)).convert(str(made), quantization="int8")
            made.rename(target)
    return target


def shared_start(ids: Sequence[Sequence[int]]) -> int:
    """
    How many tokens all prompts begin with, one less than the shortest has at most.

    >>> shared_start([[1, 2, 3], [1, 2, 4, 5]]), shared_start([[1, 2]])
    (2, 1)
    """
    columns = list(zip(*ids, strict=False))[:-1]
    return next((n for n, column in enumerate(columns) if len(set(column)) > 1), len(columns))


def stop_callback(stops: Sequence[tuple[str, ...]], tokenizer: Any) -> Callable[[Any], bool]:
    """Tell CTranslate2, token by token, which answers of a batch have reached a stop."""
    written: list[list[int]] = [[] for _ in stops]

    def is_done(step: Any) -> bool:
        tokens = written[step.batch_id]
        tokens.append(step.token_id)
        return has_stopped(tokens, stops[step.batch_id], tokenizer)

    return is_done

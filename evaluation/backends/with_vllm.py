"""vLLM: many answers on a GPU."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.backends import Decoding, Generation, Request
from evaluation.backends.local import encode

CHUNK = 1024
"""Requests handed over at a time: answers are saved after each chunk, and vLLM batches inside."""


class VllmGenerator:
    """vLLM's engine in this process, in the type that the model's config names."""

    def __init__(self, folder: Path, tokenizer: Any) -> None:
        import vllm  # here, because only a machine with a GPU has it

        self._sampling = vllm.SamplingParams
        self._engine = vllm.LLM(model=str(folder))
        self._tokenizer = tokenizer

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """Answer every request, in order, a chunk at a time."""
        ids = encode([request.prompt for request in requests], self._tokenizer)
        for start in range(0, len(requests), CHUNK):
            chunk = range(start, min(start + CHUNK, len(requests)))
            prompts = [{"prompt_token_ids": ids[index]} for index in chunk]
            how = [self._parameters(requests[index], decoding) for index in chunk]
            for index, output in zip(
                chunk, self._engine.generate(prompts, how, use_tqdm=False), strict=True
            ):
                made = output.outputs[0]
                is_complete = made.finish_reason == "stop"
                yield Generation(index, made.text, len(made.token_ids), is_complete)

    def _parameters(self, request: Request, decoding: Decoding) -> Any:
        return self._sampling(
            temperature=decoding.temperature,
            top_p=decoding.top_p,
            seed=request.seed if decoding.temperature else None,
            max_tokens=decoding.max_new_tokens,
            stop=list(request.prompt.stops),
        )

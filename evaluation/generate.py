"""Answers of a model: two back ends behind one small protocol, both greedy.

``transformers`` runs anything and uses a GPU where there is one. ``ctranslate2`` rounds the
weights to int8 and is the one to use on a CPU. Rounding moves scores a little: compare models
on one back end, and say which.
"""

import hashlib
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError
from transformers import AutoModelForCausalLM, AutoTokenizer

from evaluation.prompts import Prompt
from pyx_dataset.errors import ConfigError, InputError

BATCH_ROWS = 16
CONVERTED = "ctranslate2-int8"


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote behind one prompt."""

    index: int
    """Which of the prompts it answers: answers come in the order they are done."""
    text: str
    """Without the prefill, and cut before the first stop."""
    tokens: int
    is_complete: bool
    """False if the model was still writing when its tokens ran out."""


class Generator(Protocol):
    """A loaded model."""

    def generate(self, prompts: Sequence[Prompt], max_new_tokens: int) -> Iterator[Generation]:
        """Answer every prompt greedily, each answer given as soon as its batch is done."""


def model_folder(model: str) -> Path:
    """
    The local folder of a model: `model` itself, or a download of that name from the Hub.

    Raises:
        InputError: it is neither.
    """
    folder = Path(model)
    try:
        if not folder.exists():
            folder = Path(snapshot_download(model))
    except (OSError, ValueError, HFValidationError) as exc:
        said = str(exc).partition("\n")[0].rstrip(".")
        raise InputError(
            f"no model {model!r}: not a folder, nor found on the Hub ({said})"
        ) from exc
    if (folder / "adapter_config.json").exists():
        raise InputError(f"{model} is a LoRA adapter; give the merged model (OUTPUT/merged)")
    if not (folder / "config.json").is_file() or not list(folder.glob("*.safetensors")):
        raise InputError(f"{model} is no model: it holds no config.json with *.safetensors")
    return folder


def model_digest(folder: Path) -> str:
    """Fingerprint of the files of a model: equal exactly for equal models, wherever they lie."""
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.iterdir()):
        if path.suffix in {".json", ".safetensors", ".jinja", ".model"}:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "blake2b").hexdigest()
            total.update(f"{path.name} {content}\n".encode())
    return total.hexdigest()


def load(folder: Path, backend: str) -> Generator:
    """
    Load the model in `folder` for one of `BACKENDS`.

    Raises:
        ConfigError: there is no such back end.
        InputError: the model cannot be loaded, or has no chat template.
    """
    if backend not in BACKENDS:
        raise ConfigError(f"unknown backend {backend!r}; known: {', '.join(BACKENDS)}")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        if not tokenizer.chat_template:
            raise InputError(f"{folder} has no chat template, so it cannot be asked in messages")
        return BACKENDS[backend](folder, tokenizer)
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0]
        raise InputError(f"{folder} cannot be loaded with {backend}: {said}") from exc


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

    def generate(self, prompts: Sequence[Prompt], max_new_tokens: int) -> Iterator[Generation]:
        """Answer every prompt greedily, each answer given as soon as its batch is done."""
        tokenizer = self._tokenizer
        ids = encode(prompts, tokenizer)
        for batch in batches(ids, max_new_tokens):
            padded = tokenizer.pad(
                {"input_ids": [ids[index] for index in batch]},
                padding_side="left",
                return_tensors="pt",
            ).to(self._model.device)
            stops = {stop for index in batch for stop in prompts[index].stops}
            rows = self._model.generate(
                **padded,
                max_new_tokens=max_new_tokens,
                do_sample=False,
                tokenizer=tokenizer,
                stop_strings=sorted(stops) or None,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
            for index, row in zip(batch, rows[:, padded["input_ids"].shape[1] :], strict=True):
                yield finish(index, row.tolist(), prompts[index], tokenizer, max_new_tokens)


class Ctranslate2Generator:
    """CTranslate2 in int8, one batch on each core."""

    def __init__(self, folder: Path, tokenizer: Any) -> None:
        # Imported here because a machine with a GPU needs no CTranslate2.
        import ctranslate2

        self._workers = torch.get_num_threads()
        self._model = ctranslate2.Generator(
            str(converted(folder)),
            compute_type="int8",
            inter_threads=self._workers,
            intra_threads=1,
        )
        self._tokenizer = tokenizer

    def generate(self, prompts: Sequence[Prompt], max_new_tokens: int) -> Iterator[Generation]:
        """Answer every prompt greedily, each answer given as soon as its batch is done."""
        ids = encode(prompts, self._tokenizer)
        shared = shared_start(ids)
        running: deque[tuple[list[int], list[Any]]] = deque()
        for batch in batches(ids, max_new_tokens):
            tails = [ids[index][shared:] for index in batch]
            stops = [prompts[index].stops for index in batch]
            running.append((batch, self._submit(ids[0][:shared], tails, stops, max_new_tokens)))
            if len(running) > self._workers:
                yield from self._collect(*running.popleft(), prompts, max_new_tokens)
        while running:
            yield from self._collect(*running.popleft(), prompts, max_new_tokens)

    def _submit(
        self,
        shared: list[int],
        tails: list[list[int]],
        stops: list[tuple[str, ...]],
        max_new_tokens: int,
    ) -> list[Any]:
        """Start a batch. The state behind the `shared` start of all prompts is computed once."""
        to_tokens = self._tokenizer.convert_ids_to_tokens
        results: list[Any] = self._model.generate_batch(
            [to_tokens(tail) for tail in tails],
            static_prompt=to_tokens(shared) or None,
            max_length=max_new_tokens,
            include_prompt_in_result=False,
            end_token=[self._tokenizer.eos_token_id],
            return_end_token=True,
            callback=stop_callback(stops, self._tokenizer),
            asynchronous=True,
        )
        return results

    def _collect(
        self, batch: list[int], results: list[Any], prompts: Sequence[Prompt], max_new_tokens: int
    ) -> Iterator[Generation]:
        for index, result in zip(batch, results, strict=True):
            written = result.result().sequences_ids[0]
            yield finish(index, written, prompts[index], self._tokenizer, max_new_tokens)


BACKENDS: dict[str, Callable[[Path, Any], Generator]] = {
    "transformers": TransformersGenerator,
    "ctranslate2": Ctranslate2Generator,
}


def converted(folder: Path) -> Path:
    """
    `folder` converted for CTranslate2, in a hidden folder beside it that is kept.

    Its name carries the model's digest, so that a model trained again is converted again.
    """
    from ctranslate2.converters import TransformersConverter

    folder = folder.resolve()
    target = folder.with_name(f".{folder.name}.{CONVERTED}-{model_digest(folder)}")
    if not target.exists():
        with tempfile.TemporaryDirectory(prefix=f".{CONVERTED}-", dir=folder.parent) as scratch:
            made = Path(scratch) / "model"
            TransformersConverter(str(folder)).convert(str(made), quantization="int8")
            made.rename(target)
    return target


def encode(prompts: Sequence[Prompt], tokenizer: Any) -> list[list[int]]:
    """Token ids of each prompt in the model's chat template, the prefill behind it."""
    texts = [
        tokenizer.apply_chat_template(prompt.messages, tokenize=False, add_generation_prompt=True)
        + prompt.prefill
        for prompt in prompts
    ]
    ids: list[list[int]] = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return ids


def batches(ids: Sequence[Sequence[int]], max_new_tokens: int) -> Iterator[list[int]]:
    """
    Indices of prompts to run together, short ones first.

    CTranslate2 feeds what is longer than the shortest prompt of a batch one token at a time,
    so lengths in a batch may differ little where answers are short.
    """
    batch: list[int] = []
    for index in sorted(range(len(ids)), key=lambda index: (len(ids[index]), index)):
        spread = len(ids[index]) - len(ids[batch[0]]) if batch else 0
        if len(batch) == BATCH_ROWS or spread > max_new_tokens // 8:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


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
    # No stop is longer than this many tokens.
    window = max((len(stop) for group in stops for stop in group), default=0)

    def is_done(step: Any) -> bool:
        tokens = written[step.batch_id]
        tokens.append(step.token_id)
        tail = tokenizer.decode(tokens[-window:])
        return any(stop in tail for stop in stops[step.batch_id])

    return is_done


def finish(
    index: int, ids: list[int], prompt: Prompt, tokenizer: Any, max_new_tokens: int
) -> Generation:
    """Cut what was written at its end token and its first stop."""
    ends = [position for position, token in enumerate(ids) if token == tokenizer.eos_token_id]
    kept = ids[: ends[0]] if ends else ids
    text = tokenizer.decode(kept, skip_special_tokens=True)
    cuts = [place for stop in prompt.stops if (place := text.find(stop)) >= 0]
    is_complete = bool(ends or cuts) or len(kept) < max_new_tokens
    return Generation(index, text[: min(cuts)] if cuts else text, len(kept), is_complete)

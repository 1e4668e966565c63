"""Answers of a model: two back ends behind one small protocol, both greedy.

``transformers`` runs anything and uses a GPU where there is one. ``ctranslate2`` rounds the
weights to int8 and is the one to use on a CPU. Rounding moves scores a little: compare models
on one back end, and say which.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from evaluation.prompts import Prompt
from pyx_dataset.errors import ConfigError, InputError

BATCH_TOKENS = 4096
"""Prompt tokens of one batch, padding included."""


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
        raise InputError(f"no model {model!r}: not a folder, nor found on the Hub ({said})") from exc
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
    """`transformers` in bfloat16."""

    def __init__(self, folder: Path, tokenizer: PreTrainedTokenizerBase) -> None:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
        self._model = model.to(device).eval()
        self._tokenizer = tokenizer

    def generate(self, prompts: Sequence[Prompt], max_new_tokens: int) -> Iterator[Generation]:
        """Answer every prompt greedily, each answer given as soon as its batch is done."""
        texts = [render(prompt, self._tokenizer) for prompt in prompts]
        tokenizer = self._tokenizer
        for batch in batches(tokenizer(texts, add_special_tokens=False)["input_ids"]):
            padded = tokenizer(
                [texts[index] for index in batch],
                add_special_tokens=False,
                padding=True,
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
    """CTranslate2 in int8."""

    def __init__(self, folder: Path, tokenizer: PreTrainedTokenizerBase) -> None:
        # Imported here because a machine with a GPU needs no CTranslate2.
        import ctranslate2

        threads = torch.get_num_threads()
        self._model = ctranslate2.Generator(
            str(converted(folder)), compute_type="int8", intra_threads=threads
        )
        self._tokenizer = tokenizer

    def generate(self, prompts: Sequence[Prompt], max_new_tokens: int) -> Iterator[Generation]:
        """Answer every prompt greedily, each answer given as soon as its batch is done."""
        tokenizer = self._tokenizer
        texts = [render(prompt, tokenizer) for prompt in prompts]
        ids = tokenizer(texts, add_special_tokens=False)["input_ids"]
        for batch in batches(ids):
            asked = [prompts[index] for index in batch]
            results = self._model.generate_batch(
                [tokenizer.convert_ids_to_tokens(ids[index]) for index in batch],
                max_length=max_new_tokens,
                include_prompt_in_result=False,
                end_token=[tokenizer.eos_token_id],
                return_end_token=True,
                callback=stop_callback(asked, tokenizer),
            )
            for index, result in zip(batch, results, strict=True):
                written = result.sequences_ids[0]
                yield finish(index, written, prompts[index], tokenizer, max_new_tokens)


BACKENDS: dict[str, Callable[[Path, Any], Generator]] = {
    "transformers": TransformersGenerator,
    "ctranslate2": Ctranslate2Generator,
}

"""A model in a folder: found, fingerprinted, loaded; its prompts as tokens, its tokens as text."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError
from transformers import AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from evaluation.backends import Generation, Generator
from evaluation.prompts import Prompt
from pyx_dataset.errors import ConfigError, InputError

BATCH_ROWS = 16
SMALL_FILES = ("*.json", "*.jinja", "*.model", "*.txt")
"""Of a model on the Hub: all that is needed to see whether it can be asked."""


def model_folder(model: str) -> Path:
    """
    The local folder of a model: `model` itself, or a download of that name from the Hub.

    Raises:
        InputError: it is neither, or the download would have no chat template.
    """
    folder = Path(model)
    try:
        if not folder.exists():
            small = Path(snapshot_download(model, allow_patterns=list(SMALL_FILES)))
            chat_tokenizer(small, model)  # before the weights come
            every = [*SMALL_FILES, "*.safetensors"]
            folder = Path(snapshot_download(model, allow_patterns=every))
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


def computes_in(backend: str) -> str:
    """
    The type that a back end computes in on this machine, where we choose it.

    A CPU without instructions for bfloat16 is seven times slower in it than in float32.
    """
    if backend == "ctranslate2":
        return "int8"
    if backend != "transformers":
        return ""
    can = torch.cpu.get_capabilities()
    fast = torch.cuda.is_available() or can.get("avx512_bf16") or can.get("amx_bf16")
    return "bfloat16" if fast else "float32"


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
    Load the model in `folder`.

    Raises:
        ConfigError: there is no such back end.
        InputError: the model cannot be loaded, or has no chat template.
    """
    disable_progress_bar()
    try:
        return _open(backend, folder, chat_tokenizer(folder, str(folder)))
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0]
        raise InputError(f"{folder} cannot be loaded with {backend}: {said}") from exc


def chat_tokenizer(folder: Path, name: str) -> Any:
    """
    The tokenizer in `folder`.

    Raises:
        InputError: the model `name` has none, or one without a chat template.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0]
        raise InputError(f"{name} has no tokenizer that can be loaded: {said}") from exc
    if not tokenizer.chat_template:
        raise InputError(f"{name} has no chat template, so it cannot be asked in messages")
    return tokenizer


def _open(backend: str, folder: Path, tokenizer: Any) -> Generator:
    """Import only what is asked for: no machine needs all back ends."""
    match backend:
        case "transformers":
            from evaluation.backends.with_transformers import TransformersGenerator

            return TransformersGenerator(folder, tokenizer)
        case "ctranslate2":
            from evaluation.backends.with_ctranslate2 import Ctranslate2Generator

            return Ctranslate2Generator(folder, tokenizer)
        case "vllm":
            from evaluation.backends.with_vllm import VllmGenerator

            return VllmGenerator(folder, tokenizer)
    raise ConfigError(f"backend {backend!r} does not load models")


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


def has_stopped(ids: Sequence[int], stops: Sequence[str], tokenizer: Any) -> bool:
    """Whether the last of these tokens completes one of the `stops`."""
    longest = max(map(len, stops), default=0)  # in characters, so in tokens at most
    tail = tokenizer.decode(ids[-longest:]) if longest else ""
    return any(stop in tail for stop in stops)


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

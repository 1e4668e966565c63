"""The model that goes in and the one that comes out."""

import shutil
from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, PeftModel
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase
from trl import ModelConfig

from trainers.rows import Refused, first_line


def load_tokenizer(template: str | None, model: ModelConfig) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a chat model, or say why it is none."""
    name = model.model_name_or_path
    if not name:
        raise Refused("no model: give model_name_or_path in the recipe or on the command line")
    try:
        AutoConfig.from_pretrained(name)
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as exc:
        raise Refused(f"{name} is no model: {first_line(exc)}") from exc
    if template:
        tokenizer.chat_template = read_template(Path(template))
    if tokenizer.chat_template is None:
        raise Refused(f"{name} has no chat template; give chat_template_path")
    return tokenizer


def model_options(model: ModelConfig) -> dict[str, Any]:
    """What `from_pretrained` is to be told."""
    return {
        "dtype": model.dtype,
        "attn_implementation": model.attn_implementation,
        "revision": model.model_revision,
    }


def read_template(path: Path) -> str:
    """Read a Jinja chat template."""
    if not path.is_file():
        raise Refused(f"chat_template_path {path} is no file; give a .jinja file")
    return path.read_text(encoding="utf-8")


def write_merged(
    trained: Path, tokenizer: PreTrainedTokenizerBase, out: Path, revision: str | None = None
) -> None:
    """
    Write what a trainer saved in `trained` to `out`: plain, bfloat16, an adapter folded in.

    Args:
        trained: The folder of a model, or of an adapter, which names its base.
        tokenizer: Written beside it.
        out: Replaced, whole or not at all.
        revision: Of the base.

    Raises:
        Refused: the base cannot be read.
    """
    if (trained / "adapter_config.json").is_file():
        name = PeftConfig.from_pretrained(str(trained)).base_model_name_or_path
        try:
            # Folded into the unquantised base in float32: rounding happens once, at the end.
            base = AutoModelForCausalLM.from_pretrained(
                name, dtype=torch.float32, revision=revision
            )
        except (OSError, ValueError) as exc:
            raise Refused(f"{trained} adapts {name}, which is no model: {first_line(exc)}") from exc
        whole = PeftModel.from_pretrained(base, str(trained)).merge_and_unload()
    else:
        whole = AutoModelForCausalLM.from_pretrained(trained, dtype=torch.bfloat16)
    scratch = out.with_name(f".{out.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    whole.to(torch.bfloat16).save_pretrained(scratch)
    tokenizer.save_pretrained(scratch)
    shutil.rmtree(out, ignore_errors=True)
    scratch.rename(out)


def multiplies_bfloat16() -> bool:
    """Whether this CPU has AVX512-BF16 or AMX; torch emulates it elsewhere, nine times slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())

"""Fold an adapter into its base: ``python -m trainers.merge --adapter CHECKPOINT --out DIR``."""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from trainers.rows import Refused, first_line


def main(arguments: list[str] | None = None) -> int:
    """Write the merged model; 2 with one sentence where there is nothing to merge."""
    parser = argparse.ArgumentParser(prog="python -m trainers.merge", description=__doc__)
    parser.add_argument("--adapter", type=Path, required=True, help="a checkpoint of LoRA weights")
    parser.add_argument("--out", type=Path, required=True, help="folder for the plain model")
    options = parser.parse_args(arguments)
    try:
        merge(options.adapter, options.out)
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    print(f"wrote {options.out}")
    return 0


def merge(adapter: Path, out: Path) -> None:
    """
    Write `adapter`, folded into its base, and its tokenizer to `out` as a bfloat16 model.

    The base is read unquantised in float32: rounding happens once, at the end.

    Raises:
        Refused: `adapter` holds no adapter, or its base is gone.
    """
    if not (adapter / "adapter_config.json").is_file():
        raise Refused(f"{adapter} holds no adapter; give the folder of adapter_config.json")
    config = PeftConfig.from_pretrained(str(adapter))
    try:
        base = AutoModelForCausalLM.from_pretrained(
            config.base_model_name_or_path, dtype=torch.float32, revision=config.revision
        )
    except (OSError, ValueError) as exc:
        raise Refused(
            f"{adapter} adapts {config.base_model_name_or_path}, which cannot be read: "
            f"{first_line(exc)}"
        ) from exc
    whole = PeftModel.from_pretrained(base, str(adapter)).merge_and_unload()
    write_model(whole, AutoTokenizer.from_pretrained(adapter), out)


def write_model(model: Any, tokenizer: Any, out: Path) -> None:
    """Write a plain bfloat16 model and its tokenizer to `out`, whole or not at all."""
    scratch = out.with_name(f".{out.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    model.to(torch.bfloat16).save_pretrained(scratch)
    tokenizer.save_pretrained(scratch)
    shutil.rmtree(out, ignore_errors=True)
    scratch.rename(out)


if __name__ == "__main__":
    sys.exit(main())

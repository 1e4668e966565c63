"""Fine-tune a chat model on PyX with TRL.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/sft.py --config trainers/recipes/smollm2_cpu.yaml [--learning_rate 1e-3 ...]

A recipe holds any field of `DataArguments`, TRL's `SFTConfig` and `ModelConfig`; the command
line overrides it. The same command resumes from the last checkpoint. In the end
``OUTPUT/merged`` is a plain Transformers model in bfloat16.
"""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

# A script's own folder is on the path, the checkout is not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
# Read when torch is loaded. Threads that spin while they wait make two threads on a shared
# CPU slower than one; threads that sleep cost nothing on a quiet one.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
import yaml  # type: ignore[import-untyped]  # ships no stubs
from datasets import Dataset
from peft import PeftModel
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase
from transformers.trainer_utils import get_last_checkpoint
from trl import (
    ModelConfig,
    SFTConfig,
    SFTTrainer,
    TrlParser,
    get_peft_config,
    get_quantization_config,
)

from trainers.prefixes import SharedPrefixTrainer, collate, plant
from trainers.rows import DataArguments, Part, Refused, first_line, load_parts

Settings = dict[str, Any]

USAGE = "%(prog)s --config RECIPE.yaml [--SETTING VALUE ...]"

SHAPING = (
    "learning_rate", "lr_scheduler_type", "warmup_steps", "weight_decay", "optim", "seed",
    "num_train_epochs", "max_steps", "per_device_train_batch_size",
    "gradient_accumulation_steps", "max_length", "packing",
)  # fmt: skip
"""The training settings that a checkpoint cannot be resumed without."""


def settings_of(
    data: DataArguments, training: SFTConfig, model: ModelConfig, parts: list[Part]
) -> Settings:
    """Everything that decides the weights, the tokens of the rows included, as JSON data."""
    values = training.to_dict()
    tokens = repr([example.input_ids for part in parts for example in part.examples])
    digest = hashlib.blake2b(tokens.encode(), digest_size=8).hexdigest()
    shaping = {key: values[key] for key in SHAPING}
    return asdict(data) | asdict(model) | shaping | {"tokens": digest}


def load_tokenizer(training: SFTConfig, model: ModelConfig) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a chat model, or say why it is none."""
    name = model.model_name_or_path
    if not name:
        raise Refused("no model: give model_name_or_path in the recipe or on the command line")
    try:
        AutoConfig.from_pretrained(name)
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as exc:
        raise Refused(f"{name} is no model: {first_line(exc)}") from exc
    if training.chat_template_path:
        tokenizer.chat_template = read_template(Path(training.chat_template_path))
    if tokenizer.chat_template is None:
        raise Refused(f"{name} has no chat template; give chat_template_path")
    return tokenizer


def read_template(path: Path) -> str:
    """Read a Jinja chat template."""
    if not path.is_file():
        raise Refused(f"chat_template_path {path} is no file; give a .jinja file")
    return path.read_text(encoding="utf-8")


def find_checkpoint(output: Path, settings: Settings) -> str | None:
    """
    The checkpoint to resume from, if any.

    Raises:
        Refused: the folder holds a run with other settings.
    """
    record = output / "settings.json"
    if record.is_file():
        before = json.loads(record.read_text(encoding="utf-8"))
        if changed := sorted(key for key in settings if before.get(key) != settings[key]):
            raise Refused(
                f"{output} holds a run with another {', '.join(changed)}; "
                "give another --output_dir, or remove it"
            )
    return get_last_checkpoint(str(output)) if output.is_dir() else None


def tokens_seen(checkpoint: str) -> int:
    """Tokens that the run of `checkpoint` had computed."""
    state = json.loads((Path(checkpoint) / "trainer_state.json").read_text(encoding="utf-8"))
    return int(state["num_input_tokens_seen"])


def write_settings(output: Path, settings: Settings) -> None:
    """Leave beside the checkpoints what they were made with."""
    output.mkdir(parents=True, exist_ok=True)
    scratch = output / ".settings.part"
    scratch.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    scratch.replace(output / "settings.json")


def build_trainer(
    data: DataArguments,
    training: SFTConfig,
    model: ModelConfig,
    parts: list[Part],
    tokenizer: PreTrainedTokenizerBase,
) -> SFTTrainer:
    """A TRL trainer over the examples of `parts`."""
    training.model_init_kwargs = {
        "dtype": model.dtype,
        "attn_implementation": model.attn_implementation,
        "revision": model.model_revision,
    }
    training.include_num_input_tokens_seen = "all"
    common = {
        "model": model.model_name_or_path,
        "args": training,
        "processing_class": tokenizer,
        "quantization_config": get_quantization_config(model),
        "peft_config": get_peft_config(model),
    }
    if data.share_prefixes:
        trees = [tree for part in parts for tree in plant(part.examples, training.max_length)]
        training.dataset_kwargs = {"skip_prepare_dataset": True}
        training.remove_unused_columns = False
        return SharedPrefixTrainer(
            train_dataset=Dataset.from_list(trees), data_collator=collate, **common
        )
    tokens = [
        {"input_ids": item.input_ids, "labels": item.labels}
        for part in parts
        for item in part.examples
    ]
    return SFTTrainer(train_dataset=Dataset.from_list(tokens), **common)


def write_merged(trainer: SFTTrainer, model: ModelConfig, tokenizer: Any, out: Path) -> None:
    """Write the tuned model to `out` as a plain bfloat16 model, adapter folded in."""
    if model.use_peft:
        # Folded into the unquantised base in float32: rounding happens once, at the end.
        base = AutoModelForCausalLM.from_pretrained(
            model.model_name_or_path, dtype=torch.float32, revision=model.model_revision
        )
        whole = PeftModel.from_pretrained(base, trainer.args.output_dir).merge_and_unload()
    else:
        whole = trainer.accelerator.unwrap_model(trainer.model)
    scratch = out.with_name(f".{out.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    whole.to(torch.bfloat16).save_pretrained(scratch)
    tokenizer.save_pretrained(scratch)
    shutil.rmtree(out, ignore_errors=True)
    scratch.rename(out)


def report(parts: list[Part], trees: Dataset) -> None:
    """Print what will be trained on: rows, and tokens before and after sharing prefixes."""
    for part in parts:
        rows, dropped = len(part.examples), part.dropped
        print(f"{part.config}, {part.format}: {rows} rows, {dropped} dropped as too long")
    tokens = sum(len(example.input_ids) for part in parts for example in part.examples)
    computed = sum(len(ids) for ids in trees["input_ids"])
    print(f"{tokens} tokens in rows, {computed} to compute in {len(trees)} sequences", flush=True)


def train(data: DataArguments, training: SFTConfig, model: ModelConfig) -> None:
    """Check everything, then train and save."""
    if training.max_length is None:
        raise Refused("max_length must be a number of tokens: longer rows are dropped")
    if data.share_prefixes and "flash" in (model.attn_implementation or ""):
        raise Refused("flash attention takes no tree mask; use sdpa, or share_prefixes: false")
    output = Path(training.output_dir)
    tokenizer = load_tokenizer(training, model)
    parts = load_parts(data, tokenizer, length=training.max_length, seed=training.seed)
    settings = settings_of(data, training, model, parts)
    checkpoint = training.resume_from_checkpoint or find_checkpoint(output, settings)
    trainer = build_trainer(data, training, model, parts, tokenizer)
    is_main = trainer.accelerator.is_main_process
    if is_main:
        report(parts, trainer.train_dataset)
        write_settings(output, settings)
    resumed_at = tokens_seen(checkpoint) if checkpoint else 0
    metrics = trainer.train(resume_from_checkpoint=checkpoint).metrics
    trainer.save_model()
    if is_main:
        wall_s, tokens = metrics["train_runtime"], trainer.state.num_input_tokens_seen - resumed_at
        print(
            f"{trainer.state.global_step} steps; {tokens} tokens in {wall_s:.0f} s, "
            f"{tokens / wall_s:.0f} tokens/s; mean loss {metrics['train_loss']:.3f}"
        )
        write_merged(trainer, model, tokenizer, output / "merged")
        print(f"wrote {output / 'merged'}")
    trainer.end()


def parse(arguments: list[str]) -> tuple[DataArguments, SFTConfig, ModelConfig]:
    """Read a recipe and what overrides it; argparse itself ends the program on a bad option."""
    parser = TrlParser((DataArguments, SFTConfig, ModelConfig), prog="sft.py", usage=USAGE)
    try:
        data, training, model = parser.parse_args_and_config(arguments)
    except (LookupError, OSError, TypeError, ValueError, yaml.YAMLError) as exc:
        raise Refused(first_line(exc)) from exc
    if training.use_cpu and training.bf16 and not multiplies_bfloat16():
        print("bf16: off, this CPU has no instructions for it and is faster in float32")
        return parse([*arguments, "--bf16", "false"])
    return data, training, model


def multiplies_bfloat16() -> bool:
    """Whether this CPU has AVX512-BF16 or AMX; torch emulates it elsewhere, nine times slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def main() -> None:
    """Train, or say in one sentence why not."""
    try:
        train(*parse(sys.argv[1:]))
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

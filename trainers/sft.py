"""Fine-tune a chat model on PyX with TRL.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/sft.py --config trainers/recipes/smollm2_cpu.yaml [--learning_rate 1e-3 ...]

A recipe holds any field of `DataArguments`, TRL's `SFTConfig` and `ModelConfig`; the command
line overrides it. The same command resumes from the last checkpoint. In the end
``OUTPUT/merged`` is a plain Transformers model in bfloat16.
"""

import hashlib
import os
import sys
from dataclasses import asdict
from pathlib import Path

# A script's own folder is on the path, the checkout is not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
# Read when torch is loaded. Threads that spin while they wait make two threads on a shared
# CPU slower than one; threads that sleep cost nothing on a quiet one.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from datasets import Dataset
from transformers import PreTrainedTokenizerBase
from trl import (
    ModelConfig,
    SFTConfig,
    SFTTrainer,
    get_quantization_config,
)

from trainers.adapters import adapter_config
from trainers.checkpoints import Settings, find_checkpoint, tokens_seen, write_settings
from trainers.models import load_tokenizer, model_options, write_merged
from trainers.prefixes import SharedPrefixTrainer, collate, plant
from trainers.rows import DataArguments, Part, Refused, load_parts
from trainers.settings import SHAPING, read_settings

NAME = "sft.py"


def settings_of(
    data: DataArguments, training: SFTConfig, model: ModelConfig, parts: list[Part]
) -> Settings:
    """Everything that decides the weights, the tokens of the rows included, as JSON data."""
    values = training.to_dict()
    tokens = repr([example.input_ids for part in parts for example in part.examples])
    digest = hashlib.blake2b(tokens.encode(), digest_size=8).hexdigest()
    shaping = {key: values[key] for key in SHAPING}
    return asdict(data) | asdict(model) | shaping | {"tokens": digest}


def build_trainer(
    data: DataArguments,
    training: SFTConfig,
    model: ModelConfig,
    parts: list[Part],
    tokenizer: PreTrainedTokenizerBase,
) -> SFTTrainer:
    """A TRL trainer over the examples of `parts`."""
    training.model_init_kwargs = model_options(model)
    training.include_num_input_tokens_seen = "all"
    common = {
        "model": model.model_name_or_path,
        "args": training,
        "processing_class": tokenizer,
        "quantization_config": get_quantization_config(model),
        "peft_config": adapter_config(model, on_cpu=training.use_cpu),
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
    tokenizer = load_tokenizer(training.chat_template_path, model)
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
    # A process that leaves early takes the others' connections with it.
    trainer.accelerator.wait_for_everyone()
    trainer.end()


def parse(arguments: list[str]) -> tuple[DataArguments, SFTConfig, ModelConfig]:
    """Read a recipe and what overrides it."""
    data, training, model = read_settings((DataArguments, SFTConfig, ModelConfig), arguments, NAME)
    return data, training, model


def main() -> None:
    """Train, or say in one sentence why not."""
    try:
        train(*parse(sys.argv[1:]))
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

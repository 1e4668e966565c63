"""Fine-tune a chat model on PyX with TRL.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/sft.py --config trainers/recipes/smollm2_cpu.yaml [--learning_rate 1e-3 ...]

A recipe holds any field of `DataArguments`, TRL's `SFTConfig` and `ModelConfig`; the command
line overrides it. The same command resumes from the last checkpoint. In the end
``OUTPUT/merged`` is a plain Transformers model in bfloat16.
"""

import os
import sys
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
from trainers.checkpoints import settings_of
from trainers.machine import check_machine
from trainers.models import load_tokenizer, model_options
from trainers.prefixes import SharedPrefixTrainer, collate, plant
from trainers.rows import DataArguments, Part, Refused, load_parts
from trainers.runs import Run, carry_out, open_hub
from trainers.settings import SHAPING, read_settings

NAME = "sft.py"
OWN_SHAPING = (*SHAPING, "max_length", "packing", "packing_strategy")


def sequences_of(data: DataArguments, training: SFTConfig, parts: list[Part]) -> Dataset:
    """What is computed: each row, or the trees of rows that share a beginning."""
    if data.share_prefixes:
        trees = [tree for part in parts for tree in plant(part.examples, training.max_length)]
        return Dataset.from_list(trees)
    rows = [
        {"input_ids": item.input_ids, "labels": item.labels}
        for part in parts
        for item in part.examples
    ]
    return Dataset.from_list(rows)


def steps_for(tokens: int, sequences: Dataset, training: SFTConfig) -> int:
    """Optimizer steps in which about `tokens` tokens are computed, in passes or parts of one."""
    mean = sum(len(ids) for ids in sequences["input_ids"]) / len(sequences)
    at_once: int = training.per_device_train_batch_size * training.gradient_accumulation_steps
    processes: int = training.world_size
    return max(1, round(tokens / (mean * at_once * processes)))


def build_trainer(
    data: DataArguments,
    training: SFTConfig,
    model: ModelConfig,
    sequences: Dataset,
    tokenizer: PreTrainedTokenizerBase,
) -> SFTTrainer:
    """A TRL trainer over `sequences`."""
    training.model_init_kwargs = model_options(model)
    training.include_num_input_tokens_seen = "all"
    # Applied already: TRL would read the path as a tokenizer's and change the model for it.
    training.chat_template_path = None
    common = {
        "model": model.model_name_or_path,
        "args": training,
        "train_dataset": sequences,
        "processing_class": tokenizer,
        "quantization_config": get_quantization_config(model),
        "peft_config": adapter_config(model, on_cpu=training.use_cpu),
    }
    if not data.share_prefixes:
        return SFTTrainer(**common)
    training.dataset_kwargs = {"skip_prepare_dataset": True}
    training.remove_unused_columns = False
    return SharedPrefixTrainer(data_collator=collate, **common)


def count(parts: list[Part], trees: Dataset) -> str:
    """What will be trained on: rows, and tokens before and after sharing prefixes."""
    said = [
        f"{part.config}, {part.format}: {len(part.examples)} rows, "
        f"{part.dropped} dropped as too long"
        for part in parts
    ]
    tokens = sum(len(example.input_ids) for part in parts for example in part.examples)
    computed = sum(len(ids) for ids in trees["input_ids"])
    return "\n".join(
        [*said, f"{tokens} tokens in rows, {computed} to compute in {len(trees)} sequences"]
    )


def train(data: DataArguments, training: SFTConfig, model: ModelConfig) -> None:
    """Check everything, then train and save."""
    check_machine(training, model)
    if training.max_length is None:
        raise Refused("max_length must be a number of tokens: longer rows are dropped")
    if data.share_prefixes and "flash" in (model.attn_implementation or ""):
        raise Refused("flash attention takes no tree mask; use sdpa, or share_prefixes: false")
    if data.share_prefixes and training.packing:
        raise Refused(
            "rows are packed or share prefixes; give packing: false or share_prefixes: false"
        )
    hub = open_hub(training)
    tokenizer = load_tokenizer(training.chat_template_path, model)
    parts = load_parts(data, tokenizer, length=training.max_length, seed=training.seed)
    sequences = sequences_of(data, training, parts)
    if data.max_train_tokens:
        training.max_steps = steps_for(data.max_train_tokens, sequences, training)
    tokens = (example.input_ids for part in parts for example in part.examples)
    settings = settings_of(data, training, model, shaping=OWN_SHAPING, rows=tokens)
    run = Run(
        script=NAME,
        settings=settings,
        configs=tuple(dict.fromkeys(part.config for part in parts)),
        rows=count(parts, sequences),
        model=model,
        tokenizer=tokenizer,
        hub=hub,
    )
    carry_out(lambda: build_trainer(data, training, model, sequences, tokenizer), training, run)


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

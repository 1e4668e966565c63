"""Fine-tune a chat model on PyX with TRL.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/sft.py --config trainers/recipes/smollm2_cpu.yaml [--learning_rate 1e-3 ...]

A recipe holds any field of `DataArguments`, TRL's `SFTConfig` and `ModelConfig`; the command
line overrides it. The same command resumes from the last checkpoint. In the end
``OUTPUT/merged`` is a plain Transformers model in bfloat16.
"""

import json
import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# A script's own folder is on the path, the checkout is not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
import yaml
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
from trainers.rows import Part, Refused, load_parts


@dataclass
class DataArguments:
    """What to train on."""

    data: str = field(default="pyx", metadata={"help": "PyX data set: a folder or a Hub name."})
    mixture: str = field(
        default="forward", metadata={"help": "Configs with weights: forward:2,backward:1."}
    )
    formats: str = field(
        default="monologue",
        metadata={"help": "Completions over the same rows, with weights: direct:3,monologue:1."},
    )
    max_train_rows: int = field(default=0, metadata={"help": "Take at most so many; 0 is all."})
    share_prefixes: bool = field(
        default=True,
        metadata={"help": "Train rows of one program as one sequence with a common prompt."},
    )


Settings = dict[str, Any]

SHAPING = (
    "learning_rate", "lr_scheduler_type", "warmup_steps", "weight_decay", "optim", "seed",
    "num_train_epochs", "max_steps", "per_device_train_batch_size",
    "gradient_accumulation_steps", "max_length", "packing",
)  # fmt: skip
"""The training settings that a checkpoint cannot be resumed without."""


def settings_of(data: DataArguments, training: SFTConfig, model: ModelConfig) -> Settings:
    """Everything that decides the weights, as JSON data."""
    values = training.to_dict()
    return asdict(data) | asdict(model) | {key: values[key] for key in SHAPING}


def load_tokenizer(training: SFTConfig, model: ModelConfig) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a chat model, or say why it is none."""
    name = model.model_name_or_path
    if not name:
        raise Refused("no model: give model_name_or_path in the recipe or on the command line")
    try:
        AutoConfig.from_pretrained(name)
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as exc:
        raise Refused(f"{name} is no model: {str(exc).splitlines()[0]}") from exc
    if training.chat_template_path is None and tokenizer.chat_template is None:
        raise Refused(f"{name} has no chat template; give chat_template_path")
    return tokenizer


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
    examples = [example for part in parts for example in part.examples]
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
    tokens = [{"input_ids": item.input_ids, "labels": item.labels} for item in examples]
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


def report(parts: list[Part], trainer: SFTTrainer) -> None:
    """Print what was trained on, and how fast."""
    for part in parts:
        print(
            f"{part.config}/{part.format}: {len(part.examples)} rows, "
            f"{part.dropped} too long and dropped"
        )
    examples = [example for part in parts for example in part.examples]
    paid = sum(len(ids) for ids in trainer.train_dataset["input_ids"])
    print(f"{sum(len(example.input_ids) for example in examples)} tokens, {paid} to compute")


def train(data: DataArguments, training: SFTConfig, model: ModelConfig) -> None:
    """Check, train, save."""
    output = Path(training.output_dir)
    settings = settings_of(data, training, model)
    tokenizer = load_tokenizer(training, model)
    checkpoint = training.resume_from_checkpoint or find_checkpoint(output, settings)
    parts = load_parts(
        data.data, data.mixture, data.formats, tokenizer,
        limit=data.max_train_rows, length=training.max_length, seed=training.seed,
    )  # fmt: skip
    trainer = build_trainer(data, training, model, parts, tokenizer)
    report(parts, trainer)
    output.mkdir(parents=True, exist_ok=True)
    (output / "settings.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    result = trainer.train(resume_from_checkpoint=checkpoint)
    wall_s = result.metrics["train_runtime"]
    seen = trainer.state.num_input_tokens_seen
    print(
        f"{trainer.state.global_step} steps, {seen} tokens in {wall_s:.0f} s: {seen / wall_s:.0f} tokens/s, "
        f"loss {result.training_loss:.3f}"
    )
    trainer.save_model()
    if trainer.accelerator.is_main_process:
        write_merged(trainer, model, tokenizer, output / "merged")
        print(f"wrote {output / 'merged'}")
    trainer.end()


def main() -> None:
    """Parse a recipe and its overrides, train, and say in one sentence what cannot be done."""
    parser = TrlParser((DataArguments, SFTConfig, ModelConfig))
    try:
        data, training, model = parser.parse_args_and_config()
        train(data, training, model)
    except Refused as exc:
        sys.exit(f"error: {exc}")


if __name__ == "__main__":
    main()

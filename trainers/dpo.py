"""Teach a chat model to prefer a monologue that its run confirms to one that it contradicts.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/dpo.py --config trainers/recipes/smollm2_dpo_cpu.yaml [--beta 0.1 ...]

DPO (Rafailov et al. 2023, arXiv 2305.18290) on the config `preference`, with TRL. A recipe holds
any field of `DataArguments`, TRL's `DPOConfig` and `ModelConfig`. The same command resumes.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

# A script's own folder is on the path, the checkout is not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from datasets import Dataset
from transformers import PreTrainedTokenizerBase
from trl import DPOConfig, DPOTrainer, ModelConfig, get_quantization_config

from trainers.adapters import adapter_config
from trainers.checkpoints import settings_of
from trainers.machine import check_machine
from trainers.models import load_tokenizer, model_options
from trainers.rows import Refused, load_rows, order, spread
from trainers.runs import Run, carry_out, open_hub
from trainers.settings import SHAPING, read_settings

COLUMNS = ("program_id", "task", "prompt", "chosen", "rejected")
OWN_SHAPING = (*SHAPING, "beta", "loss_type", "max_length")


@dataclass
class DataArguments:
    """Which pairs to train on."""

    data: str = field(default="pyx", metadata={"help": "PyX data set: a folder or a Hub name."})
    tasks: str = field(
        default="forward,backward", metadata={"help": "Of forward, backward, nl2code."}
    )
    rows_per_program: int = field(
        default=0, metadata={"help": "Take at most so many pairs of one program; 0 is all."}
    )
    max_train_rows: int = field(default=0, metadata={"help": "Take at most so many; 0 is all."})


def load_pairs(
    wanted: DataArguments, tokenizer: PreTrainedTokenizerBase, *, length: int, seed: int
) -> tuple[Dataset, int]:
    """
    The pairs that fit, and how many do not; none is cut.

    Raises:
        Refused: there is no such data, no such task in it, or no pair that fits.
    """
    tasks = [name.strip() for name in wanted.tasks.split(",")]
    rows = load_rows(wanted.data, "preference", columns=COLUMNS)
    known = sorted(set(rows["task"][:]))
    if missing := sorted(set(tasks) - set(known)):
        raise Refused(
            f"{wanted.data} has no preference of {', '.join(missing)}; it has {', '.join(known)}"
        )
    rows = rows.filter(lambda task: task in tasks, input_columns="task")
    rows = spread(rows, wanted.rows_per_program, seed)
    rows = rows.select(order(rows, seed)[: wanted.max_train_rows or None])

    def fits(prompt: list[object], chosen: list[object], rejected: list[object]) -> bool:
        return all(_tokens(tokenizer, [*prompt, *each]) <= length for each in (chosen, rejected))

    fitting = rows.filter(fits, input_columns=["prompt", "chosen", "rejected"])
    if not len(fitting):
        raise Refused(f"no pair of {wanted.data} fits max_length={length}")
    return fitting.select_columns(["prompt", "chosen", "rejected"]), len(rows) - len(fitting)


def _tokens(tokenizer: PreTrainedTokenizerBase, messages: Sequence[object]) -> int:
    return len(tokenizer.apply_chat_template(messages, return_dict=False))


def train(data: DataArguments, training: DPOConfig, model: ModelConfig) -> None:
    """Check everything, then train and save."""
    check_machine(training, model)
    if training.max_length is None:
        raise Refused("max_length must be a number of tokens: longer pairs are dropped")
    hub = open_hub(training)
    tokenizer = load_tokenizer(None, model)
    pairs, dropped = load_pairs(data, tokenizer, length=training.max_length, seed=training.seed)
    run = Run(
        script="dpo.py",
        settings=settings_of(data, training, model, shaping=OWN_SHAPING, rows=pairs),
        configs=("preference",),
        rows=f"{len(pairs)} pairs, {dropped} dropped as too long",
        model=model,
        tokenizer=tokenizer,
        hub=hub,
    )
    carry_out(lambda: build_trainer(training, model, pairs, tokenizer), training, run)


def build_trainer(
    training: DPOConfig, model: ModelConfig, pairs: Dataset, tokenizer: PreTrainedTokenizerBase
) -> DPOTrainer:
    """TRL's trainer over `pairs`."""
    training.model_init_kwargs = model_options(model)
    return DPOTrainer(
        model=model.model_name_or_path,
        args=training,
        train_dataset=pairs,
        processing_class=tokenizer,
        quantization_config=get_quantization_config(model),
        peft_config=adapter_config(model, on_cpu=training.use_cpu),
    )


def main() -> None:
    """Train, or say in one sentence why not."""
    try:
        train(*read_settings((DataArguments, DPOConfig, ModelConfig), sys.argv[1:], "dpo.py"))
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

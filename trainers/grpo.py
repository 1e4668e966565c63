"""Reinforce right answers and right steps, both decided by execution.

    accelerate launch --config_file trainers/accelerate/cpu.yaml \
        trainers/grpo.py --config trainers/recipes/smollm2_grpo_cpu.yaml [--num_generations 8 ...]

GRPO (Shao et al. 2024, arXiv 2402.03300) on the config `rl`, with TRL and the rewards of
`trainers.rewards`: 1 for a right final answer, and the share of the run that was told right before
the first wrong claim; ``reward_weights`` weighs them. A recipe holds any field of
`DataArguments`, TRL's `GRPOConfig` and `ModelConfig`. The same command resumes.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A script's own folder is on the path, the checkout is not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from datasets import Dataset
from transformers import PreTrainedTokenizerBase
from trl import GRPOConfig, GRPOTrainer, ModelConfig, get_quantization_config

from pyx_dataset import Sandbox
from trainers.adapters import adapter_config
from trainers.checkpoints import settings_of
from trainers.machine import check_machine
from trainers.models import load_tokenizer, model_options
from trainers.rewards import Reward, answer_reward, steps_reward
from trainers.rows import Refused, load_rows, order, spread
from trainers.runs import Run, carry_out, open_hub
from trainers.settings import SHAPING, read_settings

COLUMNS = ("program_id", "prompt", "task", "style", "code", "entry_point", "call", "value")
OWN_SHAPING = (*SHAPING, "beta", "loss_type", "num_generations", "max_completion_length",
               "temperature", "reward_weights")  # fmt: skip


@dataclass
class DataArguments:
    """Which prompts to train on."""

    data: str = field(default="pyx", metadata={"help": "PyX data set: a folder or a Hub name."})
    tasks: str = field(default="output,input", metadata={"help": "Of output, input."})
    style: str = field(
        default="monologue", metadata={"help": "direct, or monologue: reasoning before it."}
    )
    rows_per_program: int = field(
        default=0, metadata={"help": "Take at most so many prompts of one program; 0 is all."}
    )
    max_train_rows: int = field(default=0, metadata={"help": "Take at most so many; 0 is all."})
    max_prompt_length: int = field(
        default=1024, metadata={"help": "Drop prompts of more tokens; none is cut."}
    )


def load_prompts(
    wanted: DataArguments, tokenizer: PreTrainedTokenizerBase, seed: int
) -> tuple[Dataset, int]:
    """
    The prompts that fit with what their rewards need, and how many do not.

    Raises:
        Refused: there is no such data, task or style, or no prompt that fits.
    """
    rows = load_rows(wanted.data, "rl", columns=COLUMNS)
    tasks = [name.strip() for name in wanted.tasks.split(",")]
    for name, asked in (("task", tasks), ("style", [wanted.style])):
        known = sorted(set(rows[name][:]))
        if missing := sorted(set(asked) - set(known)):
            raise Refused(
                f"{wanted.data} has no {name} {', '.join(missing)}; it has {', '.join(known)}"
            )
    rows = rows.filter(
        lambda task, style: task in tasks and style == wanted.style, input_columns=["task", "style"]
    )
    rows = spread(rows, wanted.rows_per_program, seed)
    rows = rows.select(order(rows, seed)[: wanted.max_train_rows or None])

    def fits(prompt: Any) -> bool:
        ids = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=False)
        return len(ids) <= wanted.max_prompt_length

    fitting = rows.filter(fits, input_columns="prompt")
    if not len(fitting):
        raise Refused(
            f"no prompt of {wanted.data} fits max_prompt_length={wanted.max_prompt_length}"
        )
    return fitting, len(rows) - len(fitting)


def train(data: DataArguments, training: GRPOConfig, model: ModelConfig) -> None:
    """Check everything, then train and save."""
    check_machine(training, model)
    hub = open_hub(training)
    tokenizer = load_tokenizer(None, model)
    prompts, dropped = load_prompts(data, tokenizer, training.seed)
    run = Run(
        script="grpo.py",
        settings=settings_of(data, training, model, shaping=OWN_SHAPING, rows=prompts),
        configs=("rl",),
        rows=f"{len(prompts)} prompts, {dropped} dropped as too long",
        model=model,
        tokenizer=tokenizer,
        hub=hub,
    )
    with Sandbox() as sandbox:
        rewards = [answer_reward(sandbox)]
        if data.style == "monologue":
            rewards.append(steps_reward(sandbox))
        carry_out(
            lambda: build_trainer(training, model, prompts, tokenizer, rewards), training, run
        )


def build_trainer(
    training: GRPOConfig,
    model: ModelConfig,
    prompts: Dataset,
    tokenizer: PreTrainedTokenizerBase,
    rewards: list[Reward],
) -> GRPOTrainer:
    """TRL's trainer over `prompts`."""
    training.model_init_kwargs = model_options(model)
    return GRPOTrainer(
        model=model.model_name_or_path,
        reward_funcs=rewards,
        args=training,
        train_dataset=prompts,
        processing_class=tokenizer,
        quantization_config=get_quantization_config(model),
        peft_config=adapter_config(model, on_cpu=training.use_cpu),
    )


def main() -> None:
    """Train, or say in one sentence why not."""
    try:
        train(*read_settings((DataArguments, GRPOConfig, ModelConfig), sys.argv[1:], "grpo.py"))
    except Refused as exc:
        print(f"error: {exc}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

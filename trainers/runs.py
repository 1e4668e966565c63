"""One training from its first check to its model; the same for `sft.py`, `dpo.py` and `grpo.py`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError
from transformers import PreTrainedTokenizerBase, Trainer, TrainingArguments
from trl import ModelConfig

from trainers.card import Account, write_card
from trainers.checkpoints import Settings, find_checkpoint, tokens_seen, write_settings
from trainers.models import write_merged
from trainers.rows import Refused, first_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a script hands over when its trainer is built."""

    script: str
    settings: Settings
    configs: tuple[str, ...]
    rows: str
    """What is trained on, in words."""
    model: ModelConfig
    tokenizer: PreTrainedTokenizerBase
    hub: str | None
    """Where the model is published, ORG/NAME, if anywhere."""


def open_hub(training: TrainingArguments) -> str | None:
    """
    Make sure that the model can be published, and leave the publishing to `carry_out`.

    Raises:
        Refused: there is no name or token, or the Hub does not take them.
    """
    if not training.push_to_hub:
        return None
    # TRL would push checkpoints and adapters; what is published is the merged model, once.
    training.push_to_hub = False
    name: str | None = training.hub_model_id
    if not name:
        raise Refused("push_to_hub needs hub_model_id: ORG/NAME")
    if not (training.hub_token or get_token()):
        raise Refused("push_to_hub needs a token: run `hf auth login`, or set HF_TOKEN")
    if training.process_index == 0:
        try:
            HfApi(token=training.hub_token).create_repo(
                name, private=training.hub_private_repo, exist_ok=True
            )
        except (HfHubHTTPError, OSError, ValueError) as exc:
            raise Refused(f"cannot publish as {name}: {first_line(exc)}") from exc
    return name


def carry_out(build: Callable[[], Trainer], training: TrainingArguments, run: Run) -> None:
    """
    Train or go on, then save, merge, describe and publish.

    `build` is called once the folder is known to hold no other run.
    """
    output = Path(training.output_dir)
    checkpoint = training.resume_from_checkpoint or find_checkpoint(output, run.settings)
    trainer = build()
    is_main = trainer.accelerator.is_main_process
    if is_main:
        print(run.rows, flush=True)
        write_settings(output, run.settings)
    resumed_at = tokens_seen(checkpoint) if checkpoint else 0
    metrics: dict[str, Any] = trainer.train(resume_from_checkpoint=checkpoint).metrics
    trainer.save_model()
    if is_main:
        steps, tokens = trainer.state.global_step, trainer.state.num_input_tokens_seen
        loss, wall_s = metrics["train_loss"], metrics["train_runtime"]
        speed = f"{tokens - resumed_at} tokens in {wall_s:.0f} s, "
        speed += f"{(tokens - resumed_at) / wall_s:.0f} tokens/s; "
        print(f"{steps} steps; {speed if tokens else ''}mean loss {loss:.3f}")
        account = Account(
            script=run.script,
            arguments=sys.argv[1:],
            settings=run.settings,
            configs=run.configs,
            rows=run.rows.replace("\n", "; "),
            steps=steps,
            tokens=tokens,
            loss=loss,
        )
        out = output / "merged"
        write_merged(output, run.tokenizer, out, run.model.model_revision)
        write_card(account, out)
        print(f"wrote {out}")
        if run.hub:
            HfApi(token=training.hub_token).upload_folder(repo_id=run.hub, folder_path=out)
            print(f"published {run.hub}")
    # A process that leaves early takes the others' connections with it.
    trainer.accelerator.wait_for_everyone()
    trainer.accelerator.end_training()

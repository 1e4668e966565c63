"""What a run leaves beside its weights, so that the same command goes on and no other does."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from transformers import TrainingArguments
from transformers.trainer_utils import get_last_checkpoint
from trl import ModelConfig

from trainers.rows import Refused

Settings = dict[str, Any]


def settings_of(
    data: Any,
    training: TrainingArguments,
    model: ModelConfig,
    *,
    shaping: Sequence[str],
    rows: Iterable[Any],
) -> Settings:
    """
    Everything that decides the weights, as JSON data.

    `shaping` names the fields of `training` that do; `rows` are what is trained on, of which a
    digest is kept.
    """
    values = training.to_dict()
    digest = hashlib.blake2b(digest_size=8)
    for row in rows:
        digest.update(repr(row).encode())
    chosen = {key: values[key] for key in shaping}
    counted = {"processes": training.world_size, "rows": digest.hexdigest()}
    return asdict(data) | asdict(model) | chosen | counted


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

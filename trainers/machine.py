"""Whether this machine can do what a recipe asks, known before anything is downloaded."""

from importlib.util import find_spec

import torch
from transformers import TrainingArguments
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS
from trl import ModelConfig

from trainers.rows import Refused

NO_ACCELERATOR = (
    "this recipe trains on an accelerator and torch finds none here; "
    "take a recipe whose name ends in _cpu, or give --use_cpu true --bf16 false"
)
NO_DEEPSPEED = (
    "ZeRO needs the package DeepSpeed: pip install deepspeed, or take accelerate/fsdp2.yaml"
)
TRACKERS = {
    "trackio": "trackio",
    "tensorboard": "tensorboard",
    "wandb": "wandb",
    "mlflow": "mlflow",
    "comet_ml": "comet_ml",
}
"""What `report_to` may name, and the package that it needs."""


def check_machine(training: TrainingArguments, model: ModelConfig) -> None:
    """
    Look for the accelerator and the packages that the settings need.

    Raises:
        Refused: one is missing.
    """
    if not training.use_cpu and not torch.accelerator.is_available():
        raise Refused(NO_ACCELERATOR)
    if (model.load_in_4bit or model.load_in_8bit) and not find_spec("bitsandbytes"):
        raise Refused('a quantised base needs bitsandbytes: pip install -e ".[qlora]"')
    attention = model.attn_implementation or ""
    known = ("eager", *ALL_ATTENTION_FUNCTIONS.valid_keys())
    if attention and "/" not in attention and attention not in known:
        raise Refused(f"attn_implementation {attention} is unknown; known: {', '.join(known)}")
    if "flash" in attention and training.use_cpu:
        raise Refused(f"attn_implementation {attention} needs a GPU; on a CPU use sdpa")
    if attention == "flash_attention_2" and not find_spec("flash_attn"):
        raise Refused("attn_implementation flash_attention_2 needs the package flash-attn")
    for tracker in training.report_to:
        if tracker not in TRACKERS:
            raise Refused(f"report_to {tracker} is unknown; known: none, {', '.join(TRACKERS)}")
        if not find_spec(TRACKERS[tracker]):
            raise Refused(f"report_to {tracker} needs its package: pip install {TRACKERS[tracker]}")

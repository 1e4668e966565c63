"""A recipe and what overrides it, read into the classes that hold them."""

from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no stubs
from trl import TrlParser

from trainers.machine import NO_ACCELERATOR, NO_DEEPSPEED
from trainers.models import multiplies_bfloat16
from trainers.rows import Refused, first_line

USAGE = "%(prog)s --config RECIPE.yaml [--SETTING VALUE ...]"

SHAPING = (
    "learning_rate", "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "weight_decay",
    "max_grad_norm", "optim", "seed", "num_train_epochs", "max_steps",
    "per_device_train_batch_size", "gradient_accumulation_steps", "bf16",
)  # fmt: skip
"""The training settings that no checkpoint can be resumed without; each script has more."""


def read_settings(kinds: tuple[Any, ...], arguments: list[str], script: str) -> Any:
    """
    One object of each of `kinds`, the second of which is TRL's; argparse ends a bad option itself.

    Raises:
        Refused: the recipe does not exist, is no YAML, or holds a key that none of them has.
    """
    parser = TrlParser(kinds, prog=script, usage=USAGE)
    try:
        values = parser.parse_args_and_config(arguments)
    except ImportError as exc:  # of what Accelerate was told to use
        if "deepspeed" not in str(exc).lower():
            raise
        raise Refused(NO_DEEPSPEED) from exc
    except (LookupError, OSError, TypeError, ValueError, yaml.YAMLError) as exc:
        no_gpu = "doesn't support bf16/gpu" in str(exc)
        raise Refused(NO_ACCELERATOR if no_gpu else first_line(exc)) from exc
    training = values[1]
    if training.use_cpu and training.bf16 and not multiplies_bfloat16():
        print("bf16: off, this CPU has no instructions for it and is faster in float32")
        # Frozen weights in bfloat16 would be multiplied in it all the same.
        return read_settings(kinds, [*arguments, "--bf16", "false", "--dtype", "float32"], script)
    return values

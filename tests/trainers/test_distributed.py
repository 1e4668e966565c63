"""Two processes train what one trains, through the documented commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
TRAINERS = ROOT / "trainers"
pytestmark = [pytest.mark.slow, pytest.mark.network]  # the processes meet on loopback

SHARDED_ON_CPU = """
import runpy, sys
import accelerate.accelerator, accelerate.state as state
from torch.distributed.tensor import DTensor

begin, prepare = state.PartialState.__init__, accelerate.accelerator.fsdp2_prepare_model

def begin_as_accelerator(self, *args, **options):
    begin(self, *args, **options)
    if self.distributed_type == state.DistributedType.MULTI_CPU:
        self.distributed_type = state.DistributedType.MULTI_XPU

def prepare_and_count(accelerator, model):
    model = prepare(accelerator, model)
    sharded = all(isinstance(weight, DTensor) for weight in model.parameters())
    print(f"shards: {sharded}\\n", end="", flush=True)  # in one piece, beside the other's
    return model

state.PartialState.__init__ = begin_as_accelerator
accelerate.accelerator.fsdp2_prepare_model = prepare_and_count
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a script with FSDP2 on gloo, which PyTorch can; Accelerate 1.15 asks for an accelerator."""


def launch(config: str, out: Path, model: Path, data: Path, *extra: str, via: str = "") -> str:
    """Three steps of `sft.py` on the tiny model through ``accelerate launch``; what it printed."""
    recipe = {
        "model_name_or_path": str(model), "data": str(data), "max_length": 900, "max_steps": 3,
        "learning_rate": 0.01, "lr_scheduler_type": "constant", "use_cpu": True, "bf16": False,
        "per_device_train_batch_size": 1, "gradient_checkpointing": False, "disable_tqdm": True,
        "report_to": "none", "save_strategy": "no", "output_dir": str(out),
    }  # fmt: skip
    file = out.with_suffix(".yaml")
    file.write_text(yaml.safe_dump(recipe))
    command = [sys.executable, "-m", "accelerate.commands.launch"]
    command += ["--config_file", str(TRAINERS / "accelerate" / config), *via.split()]
    done = subprocess.run(
        [*command, str(TRAINERS / "sft.py"), "--config", str(file), *extra],
        env=os.environ | {"OMP_NUM_THREADS": "1"}, cwd=out.parent, check=False,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def weights(out: Path) -> dict[str, torch.Tensor]:
    """What a run saved, in full precision."""
    return load_file(out / "model.safetensors")


def agree(one: Path, other: Path, base: Path) -> None:
    """Equal up to the order of float32 sums, 2e-6 where weights moved by 0.03."""
    start, left, right = weights(base), weights(one), weights(other)
    assert max((left[name] - start[name]).abs().max() for name in start) > 0.02
    for name, weight in left.items():
        assert torch.allclose(weight, right[name], rtol=0, atol=2e-6), name


@pytest.mark.parametrize("shared", ["false", "true"])
def test_two_processes_train_what_one_trains(
    shared: str, model_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    """The same number of sequences a step: row by row, and with prefixes shared."""
    common = (model_folder, data_folder, "--share_prefixes", shared)
    common += ("--formats", "direct,monologue", "--gradient_accumulation_steps")
    launch("cpu.yaml", tmp_path / "one", *common, "2")
    launch("cpu_pair.yaml", tmp_path / "two", *common, "1")

    assert '"processes": 2' in (tmp_path / "two" / "settings.json").read_text()
    agree(tmp_path / "one", tmp_path / "two", model_folder)
    assert (tmp_path / "two" / "merged" / "README.md").is_file()


def test_shards_train_what_one_process_trains(
    model_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    """FSDP2 as configured, on two gloo processes in place of eight GPUs."""
    (tmp_path / "sharded.py").write_text(SHARDED_ON_CPU)
    common = (model_folder, data_folder, "--share_prefixes", "false")
    common += ("--formats", "direct", "--gradient_accumulation_steps")
    launch("cpu.yaml", tmp_path / "one", *common, "4")
    via = f"--num_processes 2 --mixed_precision no {tmp_path / 'sharded.py'}"
    said = launch("fsdp2.yaml", tmp_path / "two", *common, "2", via=via)

    assert said.count("shards: True") == 2
    agree(tmp_path / "one", tmp_path / "two", model_folder)

"""`dpo.py` and `grpo.py` from end to end, on a model of 20,000 weights."""

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
import yaml
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from trainers import dpo, grpo

pytestmark = pytest.mark.filterwarnings("default")  # TRL's own
COMMON = {
    "max_steps": 2,
    "save_steps": 1,
    "learning_rate": 0.01,
    "use_cpu": True,
    "bf16": False,
    "gradient_checkpointing": False,
    "disable_tqdm": True,
    "report_to": "none",
}
OWN = {
    dpo: {"per_device_train_batch_size": 2, "max_length": 900, "tasks": "forward"},
    grpo: {"per_device_train_batch_size": 4, "num_generations": 4, "style": "direct",
           "max_completion_length": 8, "temperature": 1.0},
}  # fmt: skip
BOTH = pytest.mark.parametrize("script", [dpo, grpo], ids=lambda item: item.__name__)


def run(
    script: ModuleType, folders: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch,
    *extra: str,
) -> int:  # fmt: skip
    """Run a script on the tiny model and data and give its exit code."""
    model, data = folders
    recipe = COMMON | OWN[script] | {"model_name_or_path": str(model), "data": str(data)}
    file = out.with_suffix(".yaml")
    file.write_text(yaml.safe_dump(recipe | {"output_dir": str(out)}))
    monkeypatch.setattr(sys, "argv", ["script.py", "--config", str(file), *extra])
    try:
        script.main()
    except SystemExit as exc:
        return int(exc.code or 0)
    return 0


@pytest.fixture
def folders(model_folder: Path, data_folder: Path) -> tuple[Path, Path]:
    """Model and data."""
    return model_folder, data_folder


@BOTH
def test_a_run_leaves_a_model_and_resumes(
    script: ModuleType, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`merged` loads and has other weights where pairs say something; a second call goes on."""
    assert run(script, folders, tmp_path / "out", monkeypatch) == 0
    base = AutoModelForCausalLM.from_pretrained(folders[0], dtype=torch.float32)
    tuned = AutoModelForCausalLM.from_pretrained(tmp_path / "out" / "merged", dtype=torch.float32)
    moved = max(
        (one - other).abs().max().item()
        for one, other in zip(base.parameters(), tuned.parameters(), strict=True)
    )

    assert (tmp_path / "out" / "checkpoint-2").is_dir()
    if script is dpo:
        assert moved > 0.01
    card = (tmp_path / "out" / "merged" / "README.md").read_text()
    assert f"`{'preference' if script is dpo else 'rl'}` rows" in card
    assert run(script, folders, tmp_path / "out", monkeypatch, "--learning_rate", "0.02") == 2


@BOTH
def test_a_killed_run_resumes_to_the_same_weights(
    script: ModuleType, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its last checkpoint, the same command gives the uninterrupted run's weights."""
    out = tmp_path / "out"
    # The tiny model is never right, and rewards that are all equal teach nothing.
    monkeypatch.setattr(grpo, "answer_reward", lambda sandbox: content_decides)
    assert run(script, folders, out, monkeypatch) == 0
    uninterrupted = load_file(out / "model.safetensors")
    shutil.rmtree(out / "checkpoint-2")
    (out / "model.safetensors").unlink()
    assert run(script, folders, out, monkeypatch) == 0

    start, resumed = (load_file(at / "model.safetensors") for at in (folders[0], out))
    assert any((resumed[name] - weight).abs().max() > 0.005 for name, weight in start.items())
    assert all(torch.equal(resumed[name], weight) for name, weight in uninterrupted.items())


def content_decides(completions: list[list[dict[str, str]]], **rows: object) -> list[float]:
    """A reward that differs between any two completions of a group."""
    return [float(sum(map(ord, item[-1]["content"])) % 97) for item in completions]


@pytest.mark.parametrize(
    ("script", "extra", "says"),
    [
        (dpo, ["--tasks", "nl2code"], "no preference of nl2code; it has forward"),
        (dpo, ["--max_length", "9"], "no pair of"),
        (grpo, ["--style", "haiku"], "no style haiku; it has direct"),
        (grpo, ["--tasks", "output,poems"], "no task poems; it has input, output"),
        (grpo, ["--max_prompt_length", "9"], "no prompt of"),
        (grpo, ["--data", "no/such"], "cannot load 'rl' of no/such"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    script: ModuleType, extra: list[str], says: str, folders: tuple[Path, Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Before anything is trained, and nothing is written."""
    assert run(script, folders, tmp_path / "out", monkeypatch, *extra) == 2
    message = capsys.readouterr().err.strip().splitlines()[-1]

    assert message.startswith("error: ")
    assert says in message
    assert not (tmp_path / "out").exists()

"""What a machine lacks is said before anything is downloaded."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
import torch

from trainers import dpo, grpo, machine, sft

RECIPES = Path(__file__).resolve().parents[2] / "trainers" / "recipes"
GPU = sorted(path.stem for path in RECIPES.glob("*.yaml") if "_cpu" not in path.stem)


def refusal(
    script: ModuleType, arguments: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:  # fmt: skip
    """The one line that a script says before it gives up; a connection would fail the test."""
    monkeypatch.setattr(sys, "argv", ["script.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        script.main()
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.skipif(torch.accelerator.is_available(), reason="this machine has an accelerator")
@pytest.mark.parametrize("recipe", GPU)
@pytest.mark.parametrize("bf16", ["true", "false"])
def test_a_gpu_recipe_on_a_cpu_machine(
    recipe: str, bf16: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names what else to take; whether or not bfloat16 would betray it."""
    said = refusal(
        sft, ["--config", str(RECIPES / f"{recipe}.yaml"), "--bf16", bf16], monkeypatch, capsys
    )

    assert said == f"error: {machine.NO_ACCELERATOR}"


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (["--attn_implementation", "flash_attention_2"], "needs a GPU; on a CPU use sdpa"),
        (["--attn_implementation", "sdqa"], "attn_implementation sdqa is unknown; known: eager,"),
        (["--report_to", "trackio"], "report_to trackio needs its package: pip install trackio"),
        (["--report_to", "teleprinter"], "report_to teleprinter is unknown; known: none, trackio"),
        (["--load_in_4bit"], "a quantised base needs bitsandbytes: pip install"),
        (["--push_to_hub"], "push_to_hub needs hub_model_id: ORG/NAME"),
        (["--push_to_hub", "--hub_model_id", "o/n"], "push_to_hub needs a token: run `hf auth"),
        (["--learning_rate", "fast"], "invalid float value: 'fast'"),
        (["--output_dirs", "runs"], "--output_dirs"),
    ],
)
@pytest.mark.parametrize("script", [sft, dpo, grpo], ids=lambda script: script.__name__)
def test_what_is_missing_is_named(
    script: ModuleType, extra: list[str], says: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    """By all three scripts alike, with a model that could only come over the network."""
    monkeypatch.setattr(machine, "find_spec", lambda name: None)
    monkeypatch.setattr("trainers.runs.get_token", lambda: None)
    arguments = ["--model_name_or_path", "no/model", "--use_cpu", "--bf16", "false"]
    arguments += ["--output_dir", str(tmp_path / "out"), "--report_to", "none", *extra]
    monkeypatch.setattr(sys, "argv", ["script.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        script.main()
    last = capsys.readouterr().err.strip().splitlines()[-1]

    assert ended.value.code == 2
    assert "error: " in last
    assert says in last
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(bool(find_spec("deepspeed")), reason="DeepSpeed is here")
def test_zero3_without_deepspeed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Accelerate announces ZeRO by a variable; the message names what does without DeepSpeed."""
    monkeypatch.setenv("ACCELERATE_USE_DEEPSPEED", "true")
    arguments = ["--model_name_or_path", "no/model", "--use_cpu", "--bf16", "false"]

    said = refusal(sft, [*arguments, "--report_to", "none"], monkeypatch, capsys)
    assert said == f"error: {machine.NO_DEEPSPEED}"

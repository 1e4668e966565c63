"""The training script from end to end, on a model of 20,000 weights."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
import yaml
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from trainers import merge, settings, sft
from trainers.models import multiplies_bfloat16
from trainers.rows import load_parts

LORA = ["--use_peft", "--lora_target_modules", "all-linear", "--lora_dropout", "0"]


@pytest.fixture
def arguments(model_folder: Path, data_folder: Path, tmp_path: Path) -> list[str]:
    """Four steps on the tiny data, a checkpoint after two."""
    recipe = {
        "model_name_or_path": str(model_folder),
        "data": str(data_folder),
        "formats": "direct",
        "max_length": 900,
        "output_dir": str(tmp_path / "out"),
        "max_steps": 4,
        "save_steps": 2,
        "learning_rate": 0.01,
        "per_device_train_batch_size": 1,
        "use_cpu": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "disable_tqdm": True,
        "report_to": "none",
    }
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    return ["--config", str(tmp_path / "recipe.yaml")]


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the script in this process and give its exit code."""
    monkeypatch.setattr(sys, "argv", ["sft.py", *arguments])
    try:
        sft.main()
    except SystemExit as exc:
        return int(exc.code or 0)
    return 0


def test_the_merged_model_is_base_and_adapter(
    arguments: list[str], model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PEFT, given the base and the adapter, computes the logits of ``merged``, up to bfloat16."""
    assert run([*arguments, *LORA], monkeypatch) == 0
    out = tmp_path / "out"
    base = AutoModelForCausalLM.from_pretrained(model_folder)
    ids = torch.arange(5, 60)[None]
    before = base(ids).logits
    adapted = PeftModel.from_pretrained(base, str(out)).eval()(ids).logits
    merged = AutoModelForCausalLM.from_pretrained(out / "merged", dtype=torch.float32)(ids).logits

    assert (adapted - before).abs().max() > 0.1
    assert (adapted - merged).abs().max() < 0.02
    assert AutoTokenizer.from_pretrained(out / "merged").chat_template


def test_a_killed_run_resumes_to_the_same_weights(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its last checkpoint, the same command gives the uninterrupted run's adapter."""
    arguments += LORA
    assert run(arguments, monkeypatch) == 0
    adapter = tmp_path / "out" / "adapter_model.safetensors"
    uninterrupted = load_file(adapter)
    shutil.rmtree(tmp_path / "out" / "checkpoint-4")
    adapter.unlink()
    assert run(arguments, monkeypatch) == 0

    resumed = load_file(adapter)
    assert all(torch.equal(resumed[name], weight) for name, weight in uninterrupted.items())


def test_a_checkpoint_is_merged_as_the_end_of_a_run_is(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last checkpoint's model is the run's; one on the way is another."""
    assert run([*arguments, *LORA], monkeypatch) == 0
    out = tmp_path / "out"
    merged = {}
    for step in (2, 4):
        folder = tmp_path / f"merged-{step}"
        assert merge.main(["--checkpoint", f"{out}/checkpoint-{step}", "--out", str(folder)]) == 0
        merged[step] = load_file(folder / "model.safetensors")
    whole = load_file(out / "merged" / "model.safetensors")
    assert all(torch.equal(merged[4][name], weight) for name, weight in whole.items())
    assert not all(torch.equal(merged[2][name], weight) for name, weight in whole.items())


def test_a_folder_without_weights_is_not_merged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one sentence."""
    assert merge.main(["--checkpoint", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "holds no weights" in capsys.readouterr().err


@pytest.mark.parametrize("passes", [0.5, 3])
def test_a_number_of_tokens_is_so_many_passes(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passes: float
) -> None:
    """The trainer's own count of what it computed is what was asked for, to a step."""
    data, training, model = sft.parse(arguments)
    tokenizer = AutoTokenizer.from_pretrained(model.model_name_or_path)
    parts = load_parts(data, tokenizer, length=training.max_length, seed=training.seed)
    lengths = [len(ids) for ids in sft.sequences_of(data, training, parts)["input_ids"]]
    asked = round(passes * sum(lengths))
    tokens = ["--max_train_tokens", str(asked), "--save_steps", "1"]
    assert run([*arguments, *tokens, *LORA], monkeypatch) == 0
    last = max((tmp_path / "out").glob("checkpoint-*"), key=lambda path: int(path.name[11:]))
    state = json.loads((last / "trainer_state.json").read_text(encoding="utf-8"))
    assert abs(state["num_input_tokens_seen"] - asked) <= 2 * max(lengths)


def test_another_setting_does_not_resume(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A checkpoint made with another learning rate is refused, by name."""
    assert run(arguments, monkeypatch) == 0
    assert run([*arguments, "--learning_rate", "0.02"], monkeypatch) == 2
    assert "holds a run with another learning_rate;" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (["--lerning_rate", "1"], "lerning_rate"),
        (["--config", "no/such/recipe.yaml"], "no/such/recipe.yaml"),
        (["--model_name_or_path", "no/such/folder"], "no/such/folder is no model"),
        (["--mixture", "backward"], "no config 'backward'; it has forward, executions"),
        (["--formats", "haiku"], "unknown name 'haiku' in 'haiku'; known: monologue, direct"),
        (["--max_length", "20"], "fits max_length=20"),
        (["--attn_implementation", "flash_attention_2"], "needs a GPU; on a CPU use sdpa"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    extra: list[str],
    says: str,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is written, and the message is one line that names the fault."""
    given = extra if extra[0] == "--config" else [*arguments, *extra]
    assert run(given, monkeypatch) == 2
    message = capsys.readouterr().err.strip().splitlines()[-1]

    assert message.startswith("error: ")
    assert says in message
    assert not (tmp_path / "out").exists()


def test_an_unknown_recipe_key_is_named(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in a recipe ends the run before it starts."""
    recipe = Path(arguments[1])
    recipe.write_text(recipe.read_text() + "lora_rank: 8\n")

    assert run(arguments, monkeypatch) == 2
    assert "lora_rank" in capsys.readouterr().err


def test_a_model_without_a_chat_template_is_refused(
    arguments: list[str],
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message says which setting mends it."""
    bare = tmp_path / "bare"
    shutil.copytree(model_folder, bare)
    (bare / "chat_template.jinja").unlink()

    assert run([*arguments, "--model_name_or_path", str(bare)], monkeypatch) == 2
    assert "has no chat template; give chat_template_path" in capsys.readouterr().err


@pytest.mark.parametrize(("asked", "can", "used"), [("true", True, True), ("true", False, False),
                                                    ("false", True, False)])  # fmt: skip
def test_bfloat16_is_used_where_the_cpu_multiplies_it(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, asked: str, can: bool, used: bool
) -> None:
    """A CPU without the instructions trains in float32, whatever the recipe says."""
    monkeypatch.setattr(settings, "multiplies_bfloat16", lambda: can)
    _, training, model = sft.parse([*arguments, "--bf16", asked, "--dtype", "bfloat16"])

    assert training.bf16 is used
    assert model.dtype == ("float32" if asked == "true" and not can else "bfloat16")


def test_what_this_cpu_multiplies_is_what_linux_says() -> None:
    """The flags that the kernel lists are the oracle."""
    flags = Path("/proc/cpuinfo").read_text()

    assert multiplies_bfloat16() == ("avx512_bf16" in flags or "amx_tile" in flags)

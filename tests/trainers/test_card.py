"""What a tuned model says of itself, and how it is published."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from huggingface_hub import HfApi, ModelCard

from evaluation.model_card import write_scores
from tests.hub.loopback import TOKEN, LoopbackHub
from trainers import runs, sft
from trainers.card import NO_SCORES, SCORES

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "formats": "direct", "max_length": "900", "max_steps": "1", "learning_rate": "0.01",
    "use_cpu": "true", "bf16": "false", "gradient_checkpointing": "false", "report_to": "none",
    "disable_tqdm": "true", "save_strategy": "no",
}  # fmt: skip


def arguments(model: Path | str, data: Path | str, out: Path, *extra: str) -> list[str]:
    """One step on the tiny model."""
    given = {"model_name_or_path": model, "data": data, "output_dir": out, **SETTINGS}
    return [word for name, value in given.items() for word in (f"--{name}", str(value))] + [*extra]


@pytest.mark.filterwarnings("default")  # TRL's own
def test_a_card_says_what_was_trained_on_what(
    model_folder: Path, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Hub's own reader finds the head; rows, their revision, command and settings are named."""
    given = arguments(model_folder, data_folder, tmp_path / "run")
    monkeypatch.setattr(sys, "argv", ["sft.py", *given])
    sft.main()
    card = ModelCard.load(tmp_path / "run" / "merged" / "README.md")

    assert card.data.pipeline_tag == "text-generation"
    assert card.data.tags == ["pyx", "trl", "code", "sft"]
    assert "`forward` rows 0123456789abcdef" in card.text
    assert "executions" not in card.text
    assert "8 rows, 0 dropped as too long" in card.text
    assert " ".join(["\ntrainers/sft.py", *given[:2]]) in card.text
    assert "| `learning_rate` | `0.01` |" in card.text
    assert card.text.count(f"\n{SCORES}\n") == 1
    assert NO_SCORES in card.text

    write_scores(tmp_path / "run" / "merged", "| 17 % |")
    scored = ModelCard.load(tmp_path / "run" / "merged" / "README.md").text
    assert scored == card.text.replace(NO_SCORES, "| 17 % |")


def hub_client(hub: LoopbackHub, home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A process whose Hub is `hub`: the clients read the address when they are imported."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("HF_")}
    mine = {
        "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": str(home), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], env=kept | mine, capture_output=True, text=True, check=False
    )


PREPARE = """
import sys
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("tester/base")
api.upload_folder(repo_id="tester/base", folder_path=sys.argv[1])
card = b"---\\nlicense: apache-2.0\\n---\\n# Base\\n"
api.upload_file(repo_id="tester/base", path_or_fileobj=card, path_in_repo="README.md")
api.create_repo("tester/pyx", repo_type="dataset")
api.upload_folder(repo_id="tester/pyx", repo_type="dataset", folder_path=sys.argv[2])
"""
TAKE = """
import sys
from huggingface_hub import ModelCard
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained("tester/tuned")
assert AutoTokenizer.from_pretrained("tester/tuned").chat_template
model.float().save_pretrained(sys.argv[1])
print(ModelCard.load("tester/tuned").content)
"""


@pytest.mark.slow
@pytest.mark.network
def test_base_and_data_come_from_the_hub_and_the_tuned_model_goes_there(
    model_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    """Published once, whole, with its card; loads by name alone, with the weights of ``merged``."""
    given = arguments("tester/base", "tester/pyx", tmp_path / "run")
    given += ["--push_to_hub", "--hub_model_id", "tester/tuned", "--hub_token", TOKEN]
    folders = str(model_folder), str(data_folder)
    with LoopbackHub() as hub:
        ready = hub_client(hub, tmp_path / "home", "-c", PREPARE, *folders)
        assert ready.returncode == 0, ready.stderr
        done = hub_client(hub, tmp_path / "home", str(ROOT / "trainers" / "sft.py"), *given)
        assert done.returncode == 0, done.stderr
        taken = hub_client(hub, tmp_path / "other", "-c", TAKE, str(tmp_path / "taken"))
    pushed = [line for line in hub.log if line == "POST /api/models/tester/tuned/commit/main"]

    assert taken.returncode == 0, taken.stderr
    assert len(pushed) == 1
    assert TOKEN not in taken.stdout
    assert "lora" not in taken.stdout
    assert taken.stdout.strip() == (tmp_path / "run" / "merged" / "README.md").read_text().strip()
    assert "base_model: tester/base\n" in taken.stdout
    assert "datasets:\n- tester/pyx\n" in taken.stdout
    assert "tester/pyx (`forward` rows 0123456789abcdef)" in taken.stdout
    assert "license: apache-2.0\n" in taken.stdout


@pytest.mark.network
@pytest.mark.parametrize(
    ("token", "name", "says"),
    [(TOKEN, "someone/else", "cannot publish as someone/else: "),
     ("hf_wrong", "tester/tuned", "cannot publish as tester/tuned: "),
     (TOKEN, "no name", "cannot publish as no name: ")],
)  # fmt: skip
def test_what_the_hub_does_not_take_is_said_before_training(
    token: str, name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Neither model nor data is looked at: there is none under these names."""
    given = arguments("no/model", "no/data", tmp_path / "run", "--push_to_hub")
    given += ["--hub_model_id", name, "--hub_token", token]
    monkeypatch.setattr(sys, "argv", ["sft.py", *given])
    with LoopbackHub() as hub:
        monkeypatch.setattr(runs, "HfApi", partial(HfApi, hub.endpoint))
        with pytest.raises(SystemExit):
            sft.main()

    assert f"error: {says}" in capsys.readouterr().err
    assert hub.repos == {}

"""What a build would ask, and what comes of the first answers, without a build."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from pyx_dataset.classroom.preview import answers_shown, prompts_shown
from pyx_dataset.errors import InputError
from pyx_dataset.pipeline import build
from pyx_dataset.teacher.scripted import Scripted
from pyx_dataset.teacher.settings import TASKS
from tests.teacher.pupils import SEEDS, config, model


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "two.py").write_text(SEEDS)
    return tmp_path / "seeds"


def printed(*shown: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=200, soft_wrap=True)
    console.print(*shown)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_dry_run_shows_a_prompt_of_each_task_and_asks_nobody(seeds: Path) -> None:
    """Whole prompts, and what the build would ask at most."""
    settings = config(str(seeds), max_tokens=100, price_out=1000.0, tasks=TASKS)
    text = printed(*prompts_shown(settings, 5))

    for task in TASKS:
        assert f"--- {task}:" in text
    assert "def shift(x, by): # [L5]" in text
    assert "Nothing was sent" in text
    # Two executions of one program, five samples each; a tenth of a unit for 100 tokens.
    assert re.search(r"forward\s*│\s*10\s*│.*│\s*1000\s*│\s*1\.00", text)


def test_the_estimate_is_not_below_what_the_build_asks(seeds: Path, tmp_path: Path) -> None:
    """Counted on a build by a model that answers everything."""
    settings = config(str(seeds), tasks=("forward", "backward"))
    teacher = Scripted("tiny", model)
    build(settings, tmp_path / "pyx", teacher=teacher)
    text = printed(*prompts_shown(settings, 5))
    promised = sum(int(found) for found in re.findall(r"ward\s*│\s*(\d+)\s*│", text))

    assert promised == len(teacher.asked) == 20


def test_a_preview_shows_answers_and_verdicts_and_builds_nothing(
    seeds: Path, tmp_path: Path
) -> None:
    """Of the first programs that survive."""
    before = set(tmp_path.rglob("*"))
    text = printed(*answers_shown(config(str(seeds)), Scripted("tiny", model), 3))

    assert "[L6] `y` becomes" in text
    assert "claim_contradicted" in text
    assert set(tmp_path.rglob("*")) == before


def test_the_narrator_has_no_prompts(seeds: Path) -> None:
    """Said in one sentence."""
    with pytest.raises(InputError, match="--teacher-model"):
        list(prompts_shown(config(str(seeds), kind="narrator"), 1))

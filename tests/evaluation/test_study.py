"""The study's tables say what verdicts and checkpoints say."""

import json
import random
from pathlib import Path
from statistics import mean

import pytest
from PIL import Image

from evaluation.results import Results, Row, Setting, score, write_json, write_rows
from evaluation.study import main

TASKS = 20
TRIVIAL = "first argument"


def verdicts(right: int) -> list[bool]:
    """`right` of the tasks, always the same ones."""
    order = random.Random(right).sample(range(TASKS), TASKS)
    return [place in order[:right] for place in range(TASKS)]


def write_scores(folder: Path, prompt: str, right: int, digest: str = "d") -> None:
    """One benchmark, of which a trivial answer gets the first five tasks."""
    rows = [
        Row(str(n), str(n), 0, passed, "returned", "", [TRIVIAL] if n < 5 else [])
        for n, passed in enumerate(verdicts(right))
    ]
    names = [row.program for row in rows]
    total = score((row.passed for row in rows), names)
    results = Results(
        benchmark="pyx-output",
        prompt=prompt,
        setting=Setting("m", "m", "gold", "greedy", 8, 0),
        data="pyx",
        data_digest=digest,
        total=total,
        pass_at={"1": total},
        hard=score((row.passed for row in rows[5:]), names[5:]),
        baselines={TRIVIAL: score((n < 5 for n in range(TASKS)), names)},
        outcomes={},
        tokens=7.0,
        cut=3,
    )
    inner = folder / f"pyx-output.{prompt}"
    inner.mkdir(parents=True)
    write_json(inner / "results.json", results)
    write_rows(inner / "verdicts.jsonl", rows)


def write_checkpoint(side: Path, step: int, tokens_a_step: int) -> None:
    """What the study reads of a checkpoint."""
    history: list[dict[str, float]] = [
        {"num_input_tokens_seen": tokens_a_step * at, "loss": 1 / at} for at in range(1, step + 1)
    ]
    folder = side / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    history.append({"train_loss": 0.5})
    state = {"num_input_tokens_seen": tokens_a_step * step, "log_history": history}
    (folder / "trainer_state.json").write_text(json.dumps(state), encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """`direct` after 2, 4 and 10 steps of 10 tokens, `monologue` after 2 and 4 of 25."""
    write_scores(tmp_path / "base", "direct", 4)
    for name, tokens, right in (
        ("direct", 10, {2: 5, 4: 6, 10: 9}),
        ("monologue", 25, {2: 7, 4: 12}),
    ):
        for step, count in right.items():
            write_checkpoint(tmp_path / name, step, tokens)
            write_scores(tmp_path / name / "scores" / str(step), name, count)
    return tmp_path


def cells(study: Path, format_: str) -> list[list[str]]:
    """The lines of the report's first table that are about `format_`."""
    assert main([str(study)]) == 0
    table = (study / "report.md").read_text(encoding="utf-8").partition("Between")[0]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    return [line for line in lines if line and line[0] == format_]


def test_every_scored_checkpoint_has_a_line(study: Path) -> None:
    """With its own steps and tokens."""
    found = [line[1:3] for line in cells(study, "direct")]
    assert found == [["2", "20"], ["4", "40"], ["10", "100"]]
    assert [line[1:3] for line in cells(study, "monologue")] == [["2", "50"], ["4", "100"]]


def test_a_score_is_held_against_the_base_task_by_task(study: Path) -> None:
    """Right answers, on all tasks and on those that are not trivial, and the mean difference."""
    line = cells(study, "monologue")[-1]
    own, base = verdicts(12), verdicts(4)
    gains = [mine - other for mine, other in zip(own, base, strict=True)]
    assert line[3].split()[0] == f"{100 * mean(own):.1f}"
    assert line[4].split()[0] == f"{100 * mean(own[5:]):.1f}"
    assert line[5].split()[0] == f"{100 * mean(gains):+.1f}"
    assert cells(study, TRIVIAL)[0][3].split()[0] == "25.0"


def test_every_format_is_held_against_every_other(study: Path) -> None:
    """Once with as many steps, and once with about as many tokens, though one has far more."""
    write_checkpoint(study / "monologue", 9, 25)
    write_scores(study / "monologue/scores/9", "monologue", 20)
    assert main([str(study)]) == 0
    text = (study / "report.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| direct → monologue")]
    assert [line.split("|")[2].split()[0] for line in lines] == ["+30.0", "+15.0"]


def test_a_study_on_its_way_is_compared_where_it_stands(study: Path) -> None:
    """Without a common step the report says so, and compares at as many tokens alone."""
    for step in (2, 4):
        (study / "direct/scores" / str(step)).rename(study / f"gone-{step}")
    assert main([str(study)]) == 0
    text = (study / "report.md").read_text(encoding="utf-8")
    assert text.startswith("No number of steps was scored for every format.")
    assert text.count("Between formats") == text.count("about as many tokens (100 to 100)") == 1


def test_the_curves_are_a_picture(study: Path) -> None:
    """A panel for the loss and one for each benchmark."""
    assert main([str(study)]) == 0
    with Image.open(study / "curves.png") as picture:
        assert picture.width > 2 * picture.height


def other_tasks(study: Path) -> None:
    """Score one checkpoint on tasks that the base never saw."""
    write_checkpoint(study / "direct", 7, 10)
    write_scores(study / "direct/scores/7", "direct", 3, "other")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda study: write_scores(study / "direct/scores/7", "direct", 3), "checkpoint-7"),
        (other_tasks, "other tasks of pyx-output"),
        (lambda study: (study / "base").rename(study / "gone"), "base holds no results"),
    ],
    ids=["no checkpoint", "other tasks", "no base"],
)
def test_what_cannot_be_compared_is_said(
    study: Path, capsys: pytest.CaptureFixture[str], spoil: object, said: str
) -> None:
    """Exit code 2 and one sentence."""
    assert callable(spoil)
    spoil(study)
    assert main([str(study)]) == 2
    assert said in capsys.readouterr().err

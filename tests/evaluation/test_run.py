"""The command: right scores, resume, rescore, and one sentence for what cannot be."""

import json
from math import sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import pytest

from evaluation.backends import Model
from evaluation.benchmarks import BENCHMARKS
from evaluation.run import main
from evaluation.scoring import grade
from pyx_dataset.layout import debug_response
from tests.evaluation.conftest import BROKEN


def results(folder: Path) -> Any:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_own_answers_score_one_hundred_percent(data: Path, tmp_path: Path) -> None:
    """In both directions and with both prompts."""
    asked = ["--benchmark", "pyx-output,pyx-input", "--prompt", "direct,monologue"]
    assert main(["--model", "gold", "--data", str(data), "--out", str(tmp_path), *asked]) == 0
    folders = sorted(tmp_path.iterdir())
    assert len(folders) == 4
    assert all(results(folder)["total"]["score"] == 1 for folder in folders)


def test_own_programs_score_one_hundred_percent_and_broken_ones_none(
    data: Path, tmp_path: Path
) -> None:
    """Written from an instruction, or mended; the tests that the broken one fails are scored."""
    asked = ["--benchmark", "pyx-code,pyx-debug", "--data", str(data), "--out", str(tmp_path)]
    assert main(["--model", "gold", *asked]) == 0
    for name in ("pyx-code", "pyx-debug"):
        assert results(tmp_path / f"{name}.direct")["total"]["score"] == 1
    [task] = BENCHMARKS["pyx-debug"](str(data))
    [verdict] = grade([task], [debug_response("It is right.", BROKEN)])
    assert not verdict.passed


def test_baselines_and_what_they_leave_are_in_the_results(data: Path, tmp_path: Path) -> None:
    """Only `keep` gives an argument back, in two calls of six."""
    assert main(["--model", "gold", "--benchmark", "pyx-output", "--data", str(data),
                 "--out", str(tmp_path)]) == 0  # fmt: skip
    found = results(tmp_path / "pyx-output.direct")
    scores = {name: one["score"] for name, one in found["baselines"].items()}
    assert scores["argument in `return`"] == pytest.approx(2 / 6)
    assert found["hard"]["n"] < found["total"]["n"] == 6


@pytest.fixture(scope="module")
def first_run(model: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the tiny model on all tasks."""
    out = tmp_path_factory.mktemp("run")
    assert main(command(model, data, out)) == 0
    return out / "pyx-output.direct"


def command(model: Path, data: Path, out: Path) -> list[str]:
    """Score the tiny model."""
    return ["--model", str(model), "--benchmark", "pyx-output", "--backend", "ctranslate2",
            "--max-new-tokens", "6", "--data", str(data), "--out", str(out)]  # fmt: skip


def test_every_answer_and_verdict_is_saved(first_run: Path) -> None:
    """One line for each task."""
    for name in ("generations.jsonl", "verdicts.jsonl"):
        assert len((first_run / name).read_text(encoding="utf-8").splitlines()) == 6


def test_a_finished_run_asks_nothing_again(
    first_run: Path, model: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command loads no model and leaves the same bytes."""
    monkeypatch.setattr(Model, "generator", None)
    before = {path.name: path.read_bytes() for path in first_run.iterdir()}
    assert main(command(model, data, first_run.parent)) == 0
    assert {path.name: path.read_bytes() for path in first_run.iterdir()} == before


def test_a_killed_run_goes_on(first_run: Path, model: Path, data: Path, tmp_path: Path) -> None:
    """Two whole lines and half of one: four are asked again and the end is the same."""
    whole = (first_run / "generations.jsonl").read_text(encoding="utf-8").splitlines()
    folder = tmp_path / first_run.name
    folder.mkdir()
    torn = "\n".join([*whole[:2], whole[2][:20]])
    (folder / "generations.jsonl").write_text(torn, encoding="utf-8")
    assert main(command(model, data, tmp_path)) == 0
    again = (folder / "generations.jsonl").read_text(encoding="utf-8").splitlines()
    assert again[:2] == whole[:2]
    assert {json.loads(line)["id"] for line in again} == {json.loads(line)["id"] for line in whole}


def test_rescore_needs_no_model(first_run: Path, data: Path) -> None:
    """And says the same."""
    before = results(first_run)
    (first_run / "results.json").unlink()
    assert main(["--rescore", "--benchmark", "pyx-output", "--data", str(data),
                 "--out", str(first_run.parent)]) == 0  # fmt: skip
    assert results(first_run) == before


def test_samples_are_kept_apart_and_scored_as_pass_at_k(
    model: Path, data: Path, tmp_path: Path
) -> None:
    """Three answers to each task, none asked twice, and pass@k by the formula on the verdicts."""
    drawn = ["--samples", "3", "--temperature", "1", "--seed", "7", "--k", "1,3"]
    assert main([*command(model, data, tmp_path), *drawn]) == 0
    folder = tmp_path / "pyx-output.direct"
    lines = (folder / "generations.jsonl").read_text(encoding="utf-8").splitlines()
    made = [json.loads(line) for line in lines]
    assert len({(one["id"], one["sample"]) for one in made}) == len(made) == 18
    assert main([*command(model, data, tmp_path), *drawn]) == 0
    assert (folder / "generations.jsonl").read_text(encoding="utf-8").splitlines() == lines
    found = results(folder)
    rows = [json.loads(line) for line in (folder / "verdicts.jsonl").read_text().splitlines()]
    solved = {row["id"] for row in rows if row["passed"]}
    assert found["pass_at"]["3"]["score"] == pytest.approx(len(solved) / 6)
    assert found["total"]["score"] == pytest.approx(mean(row["passed"] for row in rows))
    assert "temperature 1.0" in found["setting"]["decoding"]
    assert found["setting"]["samples"] == 3
    again = ["--rescore", "--benchmark", "pyx-output", "--data", str(data), "--out"]
    assert main([*again, str(tmp_path), "--k", "1,3"]) == 0
    assert results(folder) == found
    assert main([*again, str(tmp_path), "--k", "4"]) == 2


def test_the_standard_error_is_that_of_program_means(data: Path, tmp_path: Path) -> None:
    """Programs have two calls each, so it is the spread of three means, by `statistics`."""
    gold = ["--model", "gold", "--benchmark", "pyx-output", "--data", str(data)]
    assert main([*gold, "--out", str(tmp_path)]) == 0
    one = results(tmp_path / "pyx-output.direct")["baselines"]["argument in `return`"]
    assert one["stderr"] == pytest.approx(stdev([0, 0, 1]) / sqrt(3))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"--benchmark": "nope"}, "nope"),
        ({"--prompt": "nope"}, "nope"),
        ({"--backend": "nope"}, "nope"),
        ({"--data": "nowhere"}, "nowhere"),
        ({"--model": "nowhere"}, "nowhere"),
        ({"--model": None}, "--model"),
        ({"--shots": "99"}, "99"),
        ({"--shots": "-1"}, "-1"),
        ({"--k": "5"}, "pass@5"),
        ({"--k": "x"}, "'x'"),
        ({"--model": "nowhere", "--samples": "2"}, "--temperature"),
        ({"--temperature": "-1"}, "-1"),
        ({"--top-p": "0"}, "--top-p"),
        ({"--model": "m", "--backend": "openai"}, "--base-url"),
        ({"--rescore": ""}, "no generations"),
        ({"--out": "/dev/null/x"}, "/dev/null"),
    ],
    ids=str,
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    changes: dict[str, str | None],
    named: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It names what was asked."""
    asked: dict[str, str | None] = {
        "--model": "gold", "--benchmark": "pyx-output", "--data": str(data),
        "--out": str(tmp_path / "out"),
    }  # fmt: skip
    asked |= changes
    argv = [word for pair in asked.items() if pair[1] is not None for word in pair if word]
    assert main(argv) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert "\n" not in said

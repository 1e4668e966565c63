"""The table before and after says what the verdicts say."""

from math import sqrt
from pathlib import Path
from statistics import mean, stdev

import pytest

from evaluation.report import HEADINGS, compare, main
from evaluation.results import Results, Row, Score, Setting, score, write_json, write_rows
from pyx_dataset.errors import InputError

BEFORE = [False, False, True, False]
AFTER = [True, False, True, True]
NAME = "first argument"


def write_run(folder: Path, passed: list[bool], digest: str = "d", prompt: str = "direct") -> Path:
    """A run on four programs, of which a trivial answer gets the first."""
    rows = [
        Row(str(place), str(place), 0, one, "returned", "", [NAME] if place == 0 else [])
        for place, one in enumerate(passed)
    ]
    names = [row.program for row in rows]
    results = Results(
        benchmark="pyx-output",
        prompt=prompt,
        setting=Setting("m", "m", "gold", "greedy", 8, 0),
        data="pyx",
        data_digest=digest,
        total=score(passed, names),
        pass_at={"1": score(passed, names)},
        hard=score(passed[1:], names[1:]),
        baselines={NAME: Score(4, 4, 0.25, 0.25)},
        outcomes={},
        tokens=1.0,
        cut=0,
    )
    inner = folder / f"pyx-output.{prompt}"
    inner.mkdir(parents=True)
    write_json(inner / "results.json", results)
    write_rows(inner / "verdicts.jsonl", rows)
    return folder


def test_the_difference_is_paired(tmp_path: Path) -> None:
    """Its error is that of the differences, by `statistics`."""
    lines, _ = compare(write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER))
    differences = [100 * (after - before) for before, after in zip(BEFORE, AFTER, strict=True)]
    error = stdev(differences) / sqrt(4)
    assert lines[0][7] == f"{mean(differences):+.1f} ± {error:.1f}"


def test_the_table_has_trivial_answers_and_what_they_leave(tmp_path: Path) -> None:
    """Against the base on all tasks and on those that are not trivial, and against a baseline."""
    lines, _ = compare(write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER))
    assert [(line[2], line[3], line[7].split()[0]) for line in lines] == [
        ("base", "4", "+50.0"),
        ("base, not trivial", "3", "+33.3"),
        (NAME, "4", "+50.0"),
    ]


def test_prompts_are_compared_across(tmp_path: Path) -> None:
    """Of one run or of two, and only where it is asked for."""
    run = write_run(tmp_path / "a", BEFORE)
    write_run(tmp_path / "a", AFTER, prompt="monologue")
    lines, _ = compare(run, run, across=True)
    assert {line[1] for line in lines} == {"direct → monologue"}
    assert lines[0][7].startswith("+50.0")
    direct, other = run / "pyx-output.direct", run / "pyx-output.monologue"
    assert compare(direct, other, across=True)[0] == lines
    with pytest.raises(InputError, match="--across"):
        compare(direct, other)


def test_results_of_another_form_are_said(tmp_path: Path) -> None:
    """With what to do."""
    run = write_run(tmp_path / "a", BEFORE)
    (run / "pyx-output.direct" / "results.json").write_text('{"k": 1}', encoding="utf-8")
    with pytest.raises(InputError, match="--rescore"):
        compare(run, run)


def test_runs_on_other_tasks_are_not_compared(tmp_path: Path) -> None:
    """No number rather than a wrong one."""
    base, tuned = write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER, "other")
    with pytest.raises(InputError, match="tasks"):
        compare(base, tuned)


def test_a_folder_without_results_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one sentence."""
    assert main([str(tmp_path), str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_markdown_is_one_table(tmp_path: Path) -> None:
    """Every line has as many cells as the heading."""
    base, tuned = write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER)
    assert main([str(base), str(tuned), "--markdown", str(tmp_path / "t.md")]) == 0
    table = (tmp_path / "t.md").read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    assert len(table) == 5
    assert {line.count("|") for line in table} == {len(HEADINGS) + 1}

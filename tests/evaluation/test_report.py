"""The table before and after says what the verdicts say."""

import json
from dataclasses import asdict
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

import pytest

from evaluation.comparison import BASE, HARD, Comparison, comparisons, paired_runs
from evaluation.model_card import SCORES
from evaluation.report import HEADINGS, main
from evaluation.results import Results, Row, Score, Setting, score, write_json, write_rows
from pyx_dataset.errors import InputError

BEFORE = [False, False, True, False]
AFTER = [True, False, True, True]
NAME = "first argument"


def write_run(
    folder: Path, passed: list[bool], digest: str = "d", prompt: str = "direct", programs: int = 4
) -> Path:
    """A run on four tasks of so many programs, of which a trivial answer gets the first."""
    rows = [
        Row(str(place), str(place % programs), 0, one, "returned", "", [NAME] if place == 0 else [])
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


def compare(base: Path, tuned: Path, *, across: bool = False) -> list[Comparison]:
    """All comparisons of two runs."""
    pairs = paired_runs(base, tuned, across=across)
    return [one for pair in pairs for one in comparisons(pair)]


def test_the_difference_is_paired(tmp_path: Path) -> None:
    """Its error is that of the differences, by `statistics`; McNemar's p by counting: 2 * 1/4."""
    found = compare(write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER))[0]
    differences = [after - before for before, after in zip(BEFORE, AFTER, strict=True)]
    assert found.gain.mean == mean(differences)
    assert found.gain.stderr == pytest.approx(stdev(differences) / sqrt(4))
    assert found.gain.p == 0.5


def test_the_table_has_trivial_answers_and_what_they_leave(tmp_path: Path) -> None:
    """Against the base on all tasks and on those that are not trivial, and against a baseline."""
    found = compare(write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER))
    assert [(one.against, one.tuned.n, one.gain.mean) for one in found] == [
        (BASE, 4, 1 / 2),
        (HARD, 3, pytest.approx(1 / 3)),
        (NAME, 4, 1 / 2),
    ]


def test_prompts_are_compared_across(tmp_path: Path) -> None:
    """Of one run or of two, and only where it is asked for."""
    run = write_run(tmp_path / "a", BEFORE)
    write_run(tmp_path / "a", AFTER, prompt="monologue")
    found = compare(run, run, across=True)
    assert {(one.base_prompt, one.tuned_prompt) for one in found} == {("direct", "monologue")}
    assert found[0].gain.mean == 1 / 2
    direct, other = run / "pyx-output.direct", run / "pyx-output.monologue"
    assert compare(direct, other, across=True) == found
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


def test_nothing_is_cut_off_in_a_terminal_of_80_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty tasks of four programs, so that errors, interval and p are as wide as they come."""
    monkeypatch.setenv("COLUMNS", "80")
    base = write_run(tmp_path / "a", [False, True] * 20)
    tuned = write_run(tmp_path / "b", [True] * 39 + [False])
    assert main([str(base), str(tuned)]) == 0
    said = capsys.readouterr().out
    assert "…" not in said
    assert "50.0 ± 28.9" in said
    assert "<0.001" in said


def test_the_markdown_is_one_table(tmp_path: Path) -> None:
    """Every line has as many cells as the heading."""
    base, tuned = write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER)
    assert main([str(base), str(tuned), "--markdown", str(tmp_path / "t.md")]) == 0
    table = (tmp_path / "t.md").read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    assert len(table) == 5
    assert {line.count("|") for line in table} == {len(HEADINGS) + 1}


def test_the_numbers_are_written_for_programs(tmp_path: Path) -> None:
    """As JSON, the same that the comparison holds."""
    base, tuned = write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER)
    assert main([str(base), str(tuned), "--json", str(tmp_path / "t.json")]) == 0
    written = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["comparisons"]
    found = compare(base, tuned)
    assert [one["gain"] for one in written] == [asdict(one.gain) for one in found]
    assert written[0]["tuned"]["score"] == 3 / 4
    one = write_run(tmp_path / "one", BEFORE, programs=1)
    assert main([str(one), str(one), "--json", str(tmp_path / "t.json")]) == 0
    alone = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["comparisons"][0]
    assert alone["gain"]["stderr"] is None


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one sentence."""
    run = write_run(tmp_path / "a", BEFORE)
    assert main([str(run), str(run), "--json", "/dev/null/t.json"]) == 2
    said = capsys.readouterr().err.strip()
    assert "/dev/null" in said
    assert "\n" not in said


CARD = "---\ntags:\n- pyx\n---\n\n# m\n\n## Scores\n\nNone yet.\n\n## How\n\n```\ncommand\n```\n"


def test_scores_stand_under_their_heading_in_a_card(tmp_path: Path) -> None:
    """In place of what stood there, twice as well as once, and nothing else is touched."""
    base, tuned = write_run(tmp_path / "a", BEFORE), write_run(tmp_path / "b", AFTER)
    card = tmp_path / "README.md"
    card.write_text(CARD, encoding="utf-8")
    argv = [str(base), str(tuned), "--model-card", str(tmp_path)]
    assert main([*argv, "--markdown", str(tmp_path / "t.md")]) == 0
    table = (tmp_path / "t.md").read_text(encoding="utf-8")
    once = card.read_text(encoding="utf-8")
    assert once == CARD.replace("None yet.\n", table)
    assert main(argv) == 0
    assert card.read_text(encoding="utf-8") == once


def test_a_card_without_the_heading_gets_it(tmp_path: Path) -> None:
    """At its end."""
    run = write_run(tmp_path / "a", BEFORE)
    (tmp_path / "README.md").write_text("# m\n", encoding="utf-8")
    assert main([str(run), str(run), "--model-card", str(tmp_path)]) == 0
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert card.startswith(f"# m\n\n{SCORES}\n\n| benchmark |")


def test_a_folder_without_a_card_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and the card that is missing."""
    run = write_run(tmp_path / "a", BEFORE)
    assert main([str(run), str(run), "--model-card", str(tmp_path)]) == 2
    assert str(tmp_path / "README.md") in capsys.readouterr().err

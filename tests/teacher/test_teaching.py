"""What a model wrote becomes rows exactly where running it says so."""

import hashlib
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import ConfigError
from pyx_dataset.export.audit import rows
from pyx_dataset.pipeline import build
from pyx_dataset.schema import SPLITS
from pyx_dataset.store import load
from pyx_dataset.teacher.prompts import load_prompts
from pyx_dataset.teacher.scripted import Scripted
from pyx_dataset.teacher.settings import TeacherConfig
from pyx_dataset.verify import verify
from tests.export.spoil import spoil
from tests.teacher.pupils import SEEDS, config, model


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one source file."""
    folder = tmp_path_factory.mktemp("taught seeds")
    (folder / "two.py").write_text(SEEDS)
    return folder


@pytest.fixture(scope="module")
def taught(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with a model."""
    out = tmp_path_factory.mktemp("taught") / "pyx"
    build(config(str(seeds)), out, teacher=Scripted("tiny", model))
    return out


@pytest.fixture(scope="module")
def told(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the narrator alone."""
    out = tmp_path_factory.mktemp("told") / "pyx"
    plain = config(str(seeds))
    build(BuildConfig(seeds=plain.seeds, max_proposals=40, shard_programs=1), out)
    return out


def every(folder: Path, name: str, **wanted: str) -> list[dict[str, Any]]:
    found = [row for split in SPLITS for row in rows(folder, name, split)]
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


def reasons(folder: Path, stage: str) -> dict[str, int]:
    return dict(load(folder / "build.json")["rejected"].get(stage, {}))


def test_of_five_answers_the_right_one_is_kept(taught: Path) -> None:
    """One program the model knows, two executions: each of the others has its reason."""
    kept = every(taught, "forward", teacher="tiny")
    shift = [row for row in kept if row["entry_point"] == "shift"]

    assert len(shift) == len(kept) == 2
    assert all(row["id"].endswith("_t0") for row in kept)
    assert {row["prompt_hash"] for row in kept} == {load_prompts()["forward"].hash}
    counts = Counter(reasons(taught, "taught forward"))
    assert counts["claim_contradicted"] == counts["wrong_answer"] == counts["no_answer"] == 2
    assert counts["repeated"] >= 2


def test_an_input_of_its_own_is_right_if_running_it_says_so(taught: Path) -> None:
    """By CPython: the call in each answer gives the value."""
    kept = every(taught, "backward", teacher="tiny")
    for row in kept:
        namespace: dict[str, object] = {}
        exec(row["code"], namespace)
        exec(row["answer"], namespace)

    assert len(kept) == 2
    assert any(row["answer"] != f"assert {row['call']} == {row['value']}" for row in kept)
    assert reasons(taught, "taught backward")["input_not_confirmed"] == 2


def test_a_taught_set_verifies(taught: Path) -> None:
    """Row by row, under another hash seed, as any other."""
    assert verify(taught).mismatches == ()


def test_a_worse_answer_that_is_none_is_found_out(told: Path, tmp_path: Path) -> None:
    """The better one in its place: the run contradicts nothing of it."""
    copy = Path(shutil.copytree(told, tmp_path / "pyx"))

    def mend(row: dict[str, Any]) -> None:
        text = row["chosen"][0]["content"]
        row["rejected"][0]["content"] = text.replace("### Conclusion", "### Conclusion ")

    (mended,) = spoil(copy, "preference", [mend]).values()
    found = verify(copy).mismatches

    rows = [item for item in found if not item.row_id.endswith(".parquet")]  # changed files, too
    assert {(item.config, item.row_id) for item in rows} == {("preference", mended)}


def test_what_the_narrator_tells_does_not_change(taught: Path, told: Path) -> None:
    """A model adds rows and changes none."""
    for name in ("forward", "backward"):
        before = [row for row in every(told, name) if row["entry_point"] == "shift"]
        after = [row for row in every(taught, name) if row["entry_point"] == "shift"]

        assert before
        assert [row for row in after if row["teacher"] == "narrator"] == before


def test_a_proposed_input_saves_a_program(taught: Path, told: Path) -> None:
    """One call in a billion wins: without it the function always gives the same."""
    assert not every(told, "programs", entry_point="jackpot")

    (program,) = every(taught, "programs", entry_point="jackpot")
    assert "assert jackpot(432098766, 3) == 3" in program["tests"]
    assert program["coverage"] == 1.0
    assert load(taught / "build.json")["teacher"]["inputs"]["accepted"] >= 4
    assert reasons(taught, "taught inputs") == {"invalid": 1, "raised": 1}


def test_a_problem_is_repaired_until_it_runs(taught: Path) -> None:
    """The error went back, and the program that failed is the worse answer to its task."""
    (program,) = every(taught, "programs", entry_point="half")
    (example,) = every(taught, "nl2code", program_id=program["id"])
    (pair,) = every(taught, "preference", task="nl2code")

    assert program["teacher"] == example["teacher"] == "tiny"
    assert program["source"]["license"] == "MIT"
    assert "n // 2" in pair["chosen"][0]["content"]
    assert "n // 0" in pair["rejected"][0]["content"]
    assert pair["reason"] == "raised"
    assert "ZeroDivisionError" in pair["detail"]


def test_the_error_is_in_the_prompt_that_asks_for_a_repair(seeds: Path, tmp_path: Path) -> None:
    """As CPython words it."""
    teacher = Scripted("tiny", model)
    build(config(str(seeds), tasks=("problem",)), tmp_path / "pyx", teacher=teacher)
    (repair,) = [request for request in teacher.asked if request.task == "repair"]

    assert "ZeroDivisionError: integer division or modulo by zero" in repair.prompt


def test_worse_answers_stand_beside_better_ones(taught: Path) -> None:
    """Each pair answers one prompt, and the worse one is of the kind that its reason says."""
    pairs = every(taught, "preference", teacher="tiny", task="forward")
    shift = [row for row in pairs if row["entry_point"] == "shift"]

    assert Counter(row["reason"] for row in shift) == {"claim_contradicted": 2, "wrong_answer": 2}
    assert all(row["chosen_id"].endswith("_t0") for row in shift)
    for row in shift:
        answers = [row[name][0]["content"].split("[ANSWER]")[1] for name in ("chosen", "rejected")]
        assert (answers[0] == answers[1]) == (row["reason"] == "claim_contradicted")


def test_the_narrator_alone_gives_pairs_too(told: Path) -> None:
    """One claim of the worse answer is false, and the run's value is named."""
    pairs = every(told, "preference")

    assert len(pairs) >= 3
    for row in pairs:
        chosen, rejected = row["chosen"][0]["content"], row["rejected"][0]["content"]
        assert row["reason"] == "claim_contradicted"
        assert chosen.split("[ANSWER]")[1] == rejected.split("[ANSWER]")[1]
        different = [
            (left, right)
            for left, right in zip(chosen.split(), rejected.split(), strict=False)
            if left != right
        ]
        assert different
        assert "found" in row["detail"]


def test_no_program_is_asked_about_that_is_not_wanted(seeds: Path, tmp_path: Path) -> None:
    """A shard may hold more programs than the build shall have; asking costs."""
    few = replace(config(str(seeds)), shard_programs=64, programs=1)
    teacher = Scripted("tiny", model)
    build(few, tmp_path / "pyx", teacher=teacher)
    (program,) = every(tmp_path / "pyx", "programs")

    about = {item.subject.partition("_")[0] for item in teacher.asked if "ward" in item.task}
    assert about == {program["id"]}


def test_the_same_answers_give_the_same_bytes(seeds: Path, taught: Path, tmp_path: Path) -> None:
    """For two workers as for one."""
    build(config(str(seeds)), tmp_path / "pyx", workers=2, teacher=Scripted("tiny", model))

    assert digest(tmp_path / "pyx") == digest(taught)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".build" not in path.parts
    }


def test_where_the_server_is_and_what_it_may_cost_is_no_part_of_the_build(
    seeds: Path, taught: Path
) -> None:
    """A build goes on at another address, with another limit; nothing of them is published."""
    elsewhere = config(str(seeds), base_url="http://other:1/v1", max_cost=5.0, rpm=9, key_env="K")
    report = build(elsewhere, taught, teacher=Scripted("tiny", model))

    assert not report.is_fresh
    assert "other:1" not in "".join(
        path.read_text() for path in taught.rglob("*") if path.suffix in (".md", ".json")
    )


def test_a_config_without_its_teacher_is_an_error(seeds: Path, tmp_path: Path) -> None:
    """Rather than a build by the narrator alone."""
    with pytest.raises(ConfigError, match="the config's teacher is endpoint"):
        build(config(str(seeds)), tmp_path / "pyx")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "oracle"}, "unknown teacher.kind 'oracle'; known: narrator, endpoint"),
        ({"modle": "x"}, "unknown setting teacher.modle in my.toml"),
        ({"tasks": ["forwards"]}, "unknown task forwards"),
        ({"samples": 0}, "teacher.samples must be a number, 1 or more, got 0"),
        ({"max_cost": -1.0}, "teacher.max_cost"),
        ({"rpm": "many"}, "teacher.rpm must be a number"),
        ({"extra": "top_p=1"}, "teacher.extra must be a JSON object"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error(table: dict[str, Any], said: str) -> None:
    """In one sentence."""
    with pytest.raises(ConfigError, match=said):
        TeacherConfig.from_table(table, "my.toml")

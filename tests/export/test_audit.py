"""A data set that does not agree with itself is found out without running anything."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pyx_dataset.export.audit import Counts, audit
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.write import export
from pyx_dataset.schema import SPLITS
from tests.export.samples import CONFIG, RECORD, bundle
from tests.export.spoil import Change, Row, change_family, change_prompt, named, read, spoil, write


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counts]:
    """Twenty programs by hand."""
    out = tmp_path_factory.mktemp("audit") / "pyx"
    return out, export(lambda: (bundle(number) for number in range(1, 21)), out, RECORD)["counts"]


@pytest.fixture
def copy(exported: tuple[Path, Counts], tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(exported[0], tmp_path / "pyx"))


@pytest.fixture
def counts(exported: tuple[Path, Counts]) -> Counts:
    """What the record says."""
    return exported[1]


def test_an_export_agrees_with_itself(copy: Path, counts: Counts) -> None:
    """Nothing is found where nothing was changed."""
    assert list(audit(copy, CONFIG, counts)) == []


def change_code(row: Row) -> None:
    row["code"] = row["code"].replace("+", "-")


def change_tests(row: Row) -> None:
    row["tests"] = ["assert 1 == 1"]


def change_id(row: Row) -> None:
    row["id"] = "p0"


def change_call(row: Row) -> None:
    row["call"] = "f(3)"


def change_value(row: Row) -> bool | None:
    return False if row["value"] is None else row.update(value="77")


def change_completion(row: Row) -> None:
    row["completion"][0]["content"] += "\n"


def change_words(row: Row) -> None:
    row["words"] += 1


def change_answer(row: Row) -> None:
    row["answer"] = "assert f(2) == 78"


def change_execution(row: Row) -> None:
    row["execution_id"] += "0"


def change_response(row: Row) -> None:
    row["response"] += "!"


def change_task(row: Row) -> None:
    row["fwd_mnl"], row["bwd_mnl"] = row["bwd_mnl"], "?"


def change_chosen(row: Row) -> None:
    row["chosen"][0]["content"] += "!"


def change_reason(row: Row) -> None:
    row["reason"] = "ugly"


def change_to_the_same(row: Row) -> None:
    row["rejected"] = row["chosen"]


COMMON = [change_code, change_family, change_call, change_value, change_prompt, change_completion,
          change_words, change_answer, change_execution]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "change"),
    [
        *(("programs", change) for change in (change_tests, change_family)),
        *(("executions", change) for change in (change_code, change_family, change_value)),
        *(("nl2code", change) for change in (change_code, change_family, change_completion)),
        *(("forward", change) for change in COMMON),
        *(("backward", change) for change in COMMON),
        *(("default", change) for change in (change_response, change_task)),
        *(
            ("preference", change)
            for change in (
                change_code,
                change_prompt,
                change_chosen,
                change_reason,
                change_to_the_same,
            )
        ),
        *(
            ("rl", change)
            for change in (change_code, change_prompt, change_call, change_value, change_execution)
        ),
    ],
)
def test_a_changed_row_is_named(copy: Path, counts: Counts, config: str, change: Change) -> None:
    """Whatever the other configs, its own columns or the layout contradict."""
    planted = spoil(copy, config, [change])

    assert set(planted.values()) <= named(audit(copy, CONFIG, counts), config)


def test_what_only_another_config_can_tell_is_found_there(copy: Path, counts: Counts) -> None:
    """A program's code and id, and the prompt of a description, are repeated elsewhere."""
    spoil(copy, "programs", [change_code, change_id])
    (changed,) = spoil(copy, "nl2code", [change_prompt]).values()
    found = list(audit(copy, CONFIG, counts))

    assert len(named(found, "executions")) == 4
    assert changed in named(found, "default")


def test_two_rows_of_one_id_are_found(copy: Path, counts: Counts) -> None:
    """Even in two splits."""
    held = read(copy, "forward")
    held["test"].append(held["train"][0])
    write(copy, "forward", held)

    assert held["train"][0]["id"] in named(audit(copy, CONFIG, counts), "forward")


def test_a_program_moved_to_another_split_is_found(copy: Path) -> None:
    """All its rows, moved together and counted again: its family belongs elsewhere."""
    moved: Counts = {}
    for config in FEATURES:
        held = read(copy, config)
        travellers = [row for row in held["train"] if row.get("program_id", row["id"]) == "p2"]
        held["train"] = [row for row in held["train"] if row not in travellers]
        held["test"] += travellers
        write(copy, config, held)
        moved[config] = {split: len(held[split]) for split in SPLITS}
    found = [item for item in audit(copy, CONFIG, moved) if "belongs in train" in item.found]

    assert {item.config for item in found} == {*FEATURES} - {"default", "pyx_r"}
    assert {item.row_id for item in found if item.config == "executions"} == {"p2_0", "p2_1"}


def test_a_row_that_is_gone_is_found(copy: Path, counts: Counts) -> None:
    """The files hold as many rows as the record says."""
    held = read(copy, "forward")
    held["train"].pop()
    write(copy, "forward", held)

    assert "all rows" in named(audit(copy, CONFIG, counts), "forward")


def test_a_damaged_file_is_found(copy: Path, counts: Counts) -> None:
    """A file cut short is named, and nothing is read."""
    path = next((copy / "executions").glob("test-*.parquet"))
    path.write_bytes(path.read_bytes()[:-50])

    assert path.name in named(audit(copy, CONFIG, counts), "executions")


def test_a_column_of_another_type_is_found(copy: Path, counts: Counts) -> None:
    """Named with its file."""
    path = next((copy / "programs").glob("train-*.parquet"))
    table = pq.read_table(path)
    place = table.schema.get_field_index("coverage")
    pq.write_table(table.set_column(place, "coverage", table["coverage"].cast(pa.float32())), path)

    assert path.name in named(audit(copy, CONFIG, counts), "programs")

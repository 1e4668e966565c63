"""A folder that `load_dataset` reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from datasets import get_dataset_config_names, load_dataset

from pyx_dataset.errors import StoreError
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.views import views
from pyx_dataset.export.write import export
from pyx_dataset.schema import SPLITS, Bundle
from tests.export.samples import RECORD, bundle


def some() -> Iterator[Bundle]:
    return (bundle(number) for number in range(1, 21))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty programs, exported."""
    out = tmp_path_factory.mktemp("export") / "pyx"
    export(some, out, RECORD)
    return out


@pytest.mark.parametrize("config", FEATURES)
def test_every_config_loads_as_written(built: Path, config: str) -> None:
    """The rows of the views, by split and in order, plain and streaming."""
    view = views(RECORD["python_version"])[config]
    for split in SPLITS:
        expected = [row for item in some() if item.program.split == split for row in view(item)]

        assert load_dataset(str(built), config, split=split).to_list() == expected
        assert list(load_dataset(str(built), config, split=split, streaming=True)) == expected


def test_the_folder_is_its_own_description(built: Path) -> None:
    """Configs, and the one that is loaded when none is named."""
    assert get_dataset_config_names(str(built)) == list(FEATURES)
    assert set(load_dataset(str(built))["train"].features) == set(FEATURES["default"])


def test_counts_are_those_of_the_files(built: Path, tmp_path: Path) -> None:
    """What `export` returns is what `datasets` finds."""
    counts = export(some, tmp_path / "pyx", RECORD)["counts"]

    assert counts == {
        config: {name: len(rows) for name, rows in load_dataset(str(built), config).items()}
        for config in FEATURES
    }


def test_a_split_without_rows_does_not_break_the_others(tmp_path: Path) -> None:
    """`datasets` fails on an empty split, so the card does not name it; the file is there."""
    export(lambda: iter([bundle(1, "train")]), tmp_path / "pyx", RECORD)

    assert set(load_dataset(str(tmp_path / "pyx"), "forward")) == {"train"}
    assert (tmp_path / "pyx/forward/test-00000-of-00001.parquet").exists()


def test_exporting_again_gives_the_same_bytes_and_nothing_stale(
    built: Path, tmp_path: Path
) -> None:
    """An earlier, other export leaves nothing behind."""
    out = tmp_path / "pyx"
    export(lambda: iter([bundle(1)]), out, RECORD)
    (out / "forward" / "train-00000-of-00007.parquet").write_bytes(b"stale")
    export(some, out, RECORD)

    files = {path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")}
    assert files == {path.relative_to(built): path.read_bytes() for path in built.rglob("*.*")}


def test_a_failure_half_way_leaves_no_config(tmp_path: Path) -> None:
    """Complete or absent: neither a shard nor a card of a broken export."""

    def broken() -> Iterator[Bundle]:
        yield bundle()
        raise RuntimeError("the third shard is damaged")

    with pytest.raises(RuntimeError, match="third shard"):
        export(broken, tmp_path / "pyx", RECORD)

    assert not list((tmp_path / "pyx").iterdir())


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    """Here because its parent is a file."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot write .*file/pyx"):
        export(some, tmp_path / "file" / "pyx", RECORD)


def test_another_build_under_the_same_name_is_not_answered_from_the_cache(tmp_path: Path) -> None:
    """`datasets` keeps what it read by the head of the card, so that must tell builds apart."""
    for place, number in (("one", 3), ("other", 4)):
        out = tmp_path / place / "pyx"
        export(lambda number=number: iter([bundle(number, "train")]), out, RECORD)  # type: ignore[misc]
        rows = load_dataset(str(out), "programs", cache_dir=str(tmp_path / "cache"))["train"]

        assert rows["id"][:] == [f"p{number}"]

"""`load_dataset("pyx")` from anywhere."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import datasets
import pytest

from pyx_dataset.builder import PyxBuilder, register
from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.errors import InputError
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.write import export
from pyx_dataset.store import dump
from tests.export.samples import RECORD, bundle

register()


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[BuildConfig]:
    """An empty folder to work in, and a pipeline that only exports; the configs it was given."""
    asked: list[BuildConfig] = []

    def build(config: BuildConfig, out: Path, *, workers: int = 1) -> None:
        asked.append(config)
        size = (config.programs or 30) + 1
        numbers = export(lambda: (bundle(number) for number in range(1, size)), out, RECORD)
        dump(out / "build.json", {**RECORD, **numbers})

    pipeline = ModuleType("pyx_dataset.pipeline")
    pipeline.build = build  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "pyx_dataset.pipeline", pipeline)
    monkeypatch.chdir(tmp_path)
    return asked


def load(config: str | None, cache: Path, **options: Any) -> Any:
    return datasets.load_dataset("pyx", config, cache_dir=str(cache / "cache"), **options)


@pytest.mark.parametrize("config", FEATURES)
def test_every_config_loads_where_there_is_no_folder(
    builds: list[BuildConfig], tmp_path: Path, config: str
) -> None:
    """Plain and streaming give the same rows of the written columns."""
    plain = load(config, tmp_path)
    streamed = load(config, tmp_path, streaming=True)

    assert plain["train"].features == FEATURES[config]
    for split, rows in plain.items():
        assert rows.to_list() == list(streamed[split])


def test_it_says_that_it_builds_and_where(
    builds: list[BuildConfig], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Minutes of work are announced, once."""
    load("forward", tmp_path)
    load("backward", tmp_path)

    assert [str(tmp_path / "cache") in text for text in caplog.messages if "building" in text] == [
        True
    ]


def test_what_was_loaded_once_is_not_built_again(builds: list[BuildConfig], tmp_path: Path) -> None:
    """The cache of `datasets` answers."""
    load("forward", tmp_path)
    load("forward", tmp_path)

    assert len(builds) == 1


def test_a_folder_here_wins(builds: list[BuildConfig], tmp_path: Path) -> None:
    """`./pyx` is read and nothing is built."""
    export(lambda: iter([bundle(5, "train")]), tmp_path / "pyx", RECORD)

    assert load("forward", tmp_path)["train"]["program_id"] == ["p5"]
    assert builds == []


def test_a_size_can_be_asked_for(builds: list[BuildConfig], tmp_path: Path) -> None:
    """And it is another data set for the cache."""
    few = load("programs", tmp_path, programs=12)
    usual = load("programs", tmp_path)

    assert sum(few.num_rows.values()) == 12
    assert sum(usual.num_rows.values()) == load_config("quickstart").programs


def test_no_config_is_the_public_layout(builds: list[BuildConfig], tmp_path: Path) -> None:
    """And the configs can be listed."""
    assert list(load(None, tmp_path)["train"].features) == list(FEATURES["default"])
    assert datasets.get_dataset_config_names("pyx") == list(FEATURES)


def test_an_unknown_config_names_the_known(builds: list[BuildConfig], tmp_path: Path) -> None:
    """The error of `datasets` itself."""
    with pytest.raises(ValueError, match=r"'nope' not found\. Available: .*'backward'"):
        load("nope", tmp_path)


def test_other_data_sets_load_as_before(builds: list[BuildConfig], tmp_path: Path) -> None:
    """Including files that are called pyx."""
    (tmp_path / "pyx.json").write_text('{"a": 1}')
    rows = datasets.load_dataset("json", data_files="pyx.json", cache_dir=str(tmp_path / "cache"))

    assert rows["train"].to_list() == [{"a": 1}]
    assert builds == []


def test_the_builder_works_by_itself(builds: list[BuildConfig], tmp_path: Path) -> None:
    """Without the shortcut, under the same name and in the same cache."""
    builder = PyxBuilder(str(tmp_path / "cache"), config_name="forward")
    builder.download_and_prepare()

    assert (
        builder.as_dataset(split="train").to_list() == load("forward", tmp_path)["train"].to_list()
    )
    assert len(builds) == 1


def test_a_config_without_rows_is_an_error(
    builds: list[BuildConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said by us, in one sentence."""

    def build(config: BuildConfig, out: Path, *, workers: int = 1) -> None:
        export(lambda: iter([bundle(1, instruction="")]), out, RECORD)

    monkeypatch.setattr(sys.modules["pyx_dataset.pipeline"], "build", build)
    with pytest.raises(InputError, match="no rows of 'nl2code'"):
        load("nl2code", tmp_path)


@pytest.mark.parametrize("name", ["dataset_module_factory", "DatasetModule"])
def test_a_datasets_of_another_make_gives_a_warning(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its private names may go; then we say what still works."""
    monkeypatch.delattr(datasets.load, name)
    with pytest.warns(RuntimeWarning, match=rf"beside a \./pyx folder: .*{name}"):
        register()

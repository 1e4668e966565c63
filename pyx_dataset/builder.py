"""``load_dataset("pyx", CONFIG)`` from any folder: what is not there is built.

`datasets` has no plug-in point for builders, so `register` puts a step before the function
with which `datasets` finds what a name means. A local ``./pyx`` folder wins; any other name
goes on as before.
"""

import logging
import os
import platform
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq

import pyx_dataset
from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.errors import InputError
from pyx_dataset.export.features import FEATURES
from pyx_dataset.schema import SCHEMA_VERSION, SPLITS

NAME = "pyx"

_log = logging.getLogger(__name__)


@dataclass
class PyxConfig(datasets.BuilderConfig):  # type: ignore[misc]  # datasets has no types
    """Which rows, and of how large a build."""

    programs: int = 0
    """Build this many programs; 0 builds as many as the quickstart config says."""


class PyxBuilder(datasets.GeneratorBasedBuilder):  # type: ignore[misc]  # datasets has no types
    """
    The quickstart set, built into the cache of `datasets` on first use.

    ``PyxBuilder(config_name="forward", programs=50)``, then ``download_and_prepare()`` and
    ``as_dataset()``, or ``as_streaming_dataset()``. All configs share one build.
    """

    BUILDER_CONFIG_CLASS = PyxConfig
    # A list because `datasets` takes nothing else.
    BUILDER_CONFIGS = [PyxConfig(name=name, version=SCHEMA_VERSION) for name in FEATURES]  # noqa: RUF012
    DEFAULT_CONFIG_NAME = "default"

    def __init__(self, cache_dir: str | None = None, **options: Any) -> None:
        # By default `datasets` would name the data set after this module, and never notice
        # that another version of the package or of Python makes other rows.
        super().__init__(
            cache_dir, **{"dataset_name": NAME, "hash": _key(_quickstart()), **options}
        )

    def _info(self) -> datasets.DatasetInfo:
        return datasets.DatasetInfo(features=FEATURES[self.config.name])

    def _split_generators(
        self, dl_manager: datasets.DownloadManager
    ) -> list[datasets.SplitGenerator]:
        folder = self._build() / self.config.name
        splits = []
        for split in SPLITS:
            files = [str(file) for file in sorted(folder.glob(f"{split}-*.parquet"))]
            # `datasets` cannot read a split without rows back from its cache.
            if any(pq.read_metadata(file).num_rows for file in files):
                splits.append(datasets.SplitGenerator(name=split, gen_kwargs={"files": files}))
        if not splits:
            raise InputError(f"the build in {folder.parent} has no rows of {self.config.name!r}")
        return splits

    def _generate_examples(self, files: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for file in files:
            for batch in pq.ParquetFile(file).iter_batches():
                for row in batch.to_pylist():
                    yield row["id"], row

    def _build(self) -> Path:
        """The folder of the finished build, which is made, or finished, where it is not."""
        from pyx_dataset.pipeline import build  # the whole pipeline, only where it is run

        config = _quickstart().with_changes(programs=self.config.programs or None)
        folder = Path(self._cache_dir_root) / f"{NAME}-builds" / _key(config)
        if not (folder / "build.json").exists():
            _log.warning(
                "there is no ./%s here: building the quickstart set into %s, once; "
                "this takes minutes, and starting again resumes it",
                NAME,
                folder,
            )
        build(config, folder, workers=len(os.sched_getaffinity(0)))
        return folder


def register() -> None:
    """
    Make ``load_dataset("pyx", CONFIG)`` work where there is no ``./pyx``.

    It replaces one function of `datasets` that is not a promised interface. A version that
    has it no more gives a warning, and all but this shortcut works on.
    """
    try:
        _replace_module_factory()
    except AttributeError as exc:
        warnings.warn(
            f'load_dataset("{NAME}") works only beside a ./{NAME} folder: datasets '
            f"{datasets.__version__} is not as pyx-dataset {pyx_dataset.__version__} knows it "
            f"({exc}). PyxBuilder works without it.",
            RuntimeWarning,
            stacklevel=2,
        )


def _replace_module_factory() -> None:
    found = datasets.load.dataset_module_factory
    answer = datasets.load.DatasetModule
    if found.__module__ == __name__:
        return

    def dataset_module_factory(path: str, *args: Any, **options: Any) -> Any:
        named_files = options.get("data_files") or options.get("data_dir")
        if path == NAME and not Path(NAME).is_dir() and not named_files:
            return answer(__name__, _key(_quickstart()), {"dataset_name": NAME})
        return found(path, *args, **options)

    # `datasets.inspect` holds the function under its own name: `get_dataset_config_names`.
    if datasets.inspect.dataset_module_factory is not found:
        raise AttributeError("datasets.inspect finds data sets in a way of its own")
    datasets.load.dataset_module_factory = dataset_module_factory
    datasets.inspect.dataset_module_factory = dataset_module_factory


def _quickstart() -> BuildConfig:
    return load_config("quickstart")


def _key(config: BuildConfig) -> str:
    """A name for all that decides the rows, as far as it is known before the build."""
    parts = (config, pyx_dataset.__version__, SCHEMA_VERSION, platform.python_version())
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()

"""All the seeds that a build asks for."""

from collections.abc import Callable, Iterator

from pyx_dataset.config import BuildConfig
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.files import folder_seeds
from pyx_dataset.seeds.packages import package_seeds

_KINDS: dict[str, Callable[[str, BuildConfig], Iterator[Seed | Rejected]]] = {
    "package": package_seeds,
    "files": folder_seeds,
}


def collect(specs: tuple[str, ...], config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    Walk the sources ``"package:NAME"`` and ``"files:FOLDER"`` in the order given.

    Raises:
        InputError: a source names something that is not there.
    """
    for spec in specs:
        kind, _, name = spec.partition(":")
        yield from _KINDS[kind](name, config)

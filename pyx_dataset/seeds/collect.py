"""All the seeds that a build asks for."""

from collections.abc import Callable, Iterator

from pyx_dataset.config import BuildConfig
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.files import folder_edition, folder_seeds
from pyx_dataset.seeds.packages import package_edition, package_seeds
from pyx_dataset.seeds.procedural.source import procedural_edition, procedural_seeds

_KINDS: dict[str, Callable[[str, BuildConfig], Iterator[Seed | Rejected]]] = {
    "package": package_seeds,
    "files": folder_seeds,
    "procedural": procedural_seeds,
}
_EDITIONS: dict[str, Callable[[str], str]] = {
    "package": package_edition,
    "files": folder_edition,
    "procedural": procedural_edition,
}


def editions(specs: tuple[str, ...]) -> dict[str, str]:
    """
    What each source is at this moment: a version, or a digest of a folder.

    Raises:
        InputError: a source names something that is not there.
    """
    return {
        spec: _EDITIONS[kind](name) for spec in specs for kind, _, name in [spec.partition(":")]
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

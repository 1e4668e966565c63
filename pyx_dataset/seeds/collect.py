"""All the seeds that a build asks for."""

from collections.abc import Callable, Iterator

from pyx_dataset.config import BuildConfig
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.files import file_edition, file_seeds
from pyx_dataset.seeds.hub import hub_edition, hub_seeds
from pyx_dataset.seeds.packages import package_edition, package_seeds
from pyx_dataset.seeds.procedural.source import procedural_edition, procedural_seeds

_KINDS: dict[str, Callable[[str, BuildConfig], Iterator[Seed | Rejected]]] = {
    "package": package_seeds,
    "files": file_seeds,
    "hub": hub_seeds,
    "procedural": procedural_seeds,
}
_EDITIONS: dict[str, Callable[[str, BuildConfig], str]] = {
    "package": package_edition,
    "files": file_edition,
    "hub": hub_edition,
    "procedural": procedural_edition,
}


def editions(specs: tuple[str, ...], config: BuildConfig) -> dict[str, str]:
    """
    What each source is at this moment: a version, a commit, or a digest of files.

    Raises:
        InputError: a source names something that is not there or not allowed.
    """
    return {
        spec: _EDITIONS[kind](name, config)
        for spec in specs
        for kind, _, name in [spec.partition(":")]
    }


def collect(specs: tuple[str, ...], config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    Walk the sources in the order given: ``package:``, ``files:``, ``hub:``, ``procedural:``.

    Raises:
        InputError: a source names something that is not there.
    """
    for spec in specs:
        kind, _, name = spec.partition(":")
        yield from _KINDS[kind](name, config)

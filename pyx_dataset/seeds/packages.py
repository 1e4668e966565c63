"""Functions of an installed distribution. Its code is parsed, never imported."""

import os
import platform
import re
import sysconfig
import tokenize
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed, Source
from pyx_dataset.seeds.functions import seeds_of
from pyx_dataset.seeds.licenses import accepted, license_of_distribution
from pyx_dataset.seeds.modules import Module, read_module

_NOT_THE_LIBRARY = re.compile(
    r"(^|/)(tests?|idlelib|lib2to3|site-packages|dist-packages|turtledemo|ensurepip|lib-dynload"
    r"|_vendor|__pycache__)/|(^|/)(test_\w*|\w*_test|conftest|_sysconfigdata\w*)\.py$"
)
"""Tests, other people's copies, and files that belong to this machine."""


def package_seeds(name: str, config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    The functions of distribution `name`, or of the running interpreter's library (``stdlib``).

    Files come in the order of their paths and functions in the order of their lines.

    Raises:
        InputError: the distribution is not installed, has no source files, or its licence is
            not allowed.
    """
    spdx = _license(name, config)
    if name == "stdlib":
        files = _library_files(Path(sysconfig.get_path("stdlib")))
        source = Source("python", platform.python_version(), spdx, "", 0)
    else:
        distribution = _find(name)
        files = {
            str(file): Path(str(distribution.locate_file(file)))
            for file in distribution.files or []
            if file.suffix == ".py" and ".." not in file.parts
        }
        source = Source(distribution.metadata["Name"], distribution.version, spdx, "", 0)
    if not files:
        raise InputError(
            f"distribution {name!r} lists no Python source files; "
            f"an editable install is read with files:FOLDER"
        )
    library: dict[str, Module] = {}
    for module in read_all(
        (path, files[path]) for path in sorted(files) if not _NOT_THE_LIBRARY.search(path)
    ):
        if isinstance(module, Rejected):
            yield module
        else:
            library[module.name] = module
    for module in library.values():
        yield from seeds_of(module, library, source, config)


def _license(name: str, config: BuildConfig) -> str:
    spdx = "PSF-2.0" if name == "stdlib" else license_of_distribution(_find(name))
    if allowed := accepted(spdx, config):
        return allowed
    known = ", ".join(config.licenses)
    if spdx:
        raise InputError(
            f"package:{name} is under {spdx}, which is not in `licenses` ({known}); "
            f"add it there or leave the package out"
        )
    raise InputError(
        f"package:{name} states no licence that is known (known: {known}); leave it out, or take "
        f'it marked as unknown with unlicensed = "mark"'
    )


def package_edition(name: str, config: BuildConfig) -> str:
    """
    The version that `package_seeds` reads.

    Raises:
        InputError: the distribution is not installed, or its licence is not allowed.
    """
    _license(name, config)
    return platform.python_version() if name == "stdlib" else _find(name).version


def read_all(files: Iterable[tuple[str, Path]]) -> Iterator[Module | Rejected]:
    """Read each file (path to show, path to open); one that does not parse is rejected."""
    for shown, path in files:
        try:
            with tokenize.open(path) as file:
                yield read_module(shown, file.read())
        except SyntaxError as exc:
            where = f"{shown}:{exc.lineno}" if exc.lineno else shown
            yield Rejected("seeds", "syntax_error", where, exc.msg)
        except (ValueError, RecursionError) as exc:
            yield Rejected("seeds", "syntax_error", shown, str(exc))
        except OSError as exc:
            raise InputError(f"cannot read {path}: {exc.strerror}") from exc


def _library_files(root: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for folder, folders, names in os.walk(root):
        inside = Path(folder).relative_to(root)
        folders[:] = [each for each in folders if not _NOT_THE_LIBRARY.search(f"{each}/")]
        files |= {
            str(inside / name): root / inside / name for name in names if name.endswith(".py")
        }
    return files


def _find(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        installed = sorted({item.metadata["Name"] for item in metadata.distributions()})
        close = get_close_matches(name, installed, n=3)
        hint = f"close to it: {', '.join(close)}" if close else "no installed name is close to it"
        raise InputError(
            f"distribution {name!r} is not installed ({hint}); `pip install {name}` adds it"
        ) from None

"""Seeds of installed distributions."""

import importlib.metadata
import sys
from itertools import islice

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.reasons import REASONS
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.collect import collect
from pyx_dataset.seeds.packages import package_edition, package_seeds

CONFIG = BuildConfig(seeds=("package:inflection",))


def seeds(name: str, config: BuildConfig = CONFIG) -> list[Seed]:
    return [item for item in package_seeds(name, config) if isinstance(item, Seed)]


def test_each_program_computes_what_the_installed_function_computes() -> None:
    """The documented examples hold in the lifted programs: CPython runs them."""
    found = [(seed, example) for seed in seeds("inflection") for example in seed.examples]
    for seed, example in found:
        scope: dict[str, object] = {}
        exec(seed.code, scope)

        assert repr(eval(example.call, scope)) == example.value

    assert len(found) > 20


def test_a_seed_says_where_it_came_from() -> None:
    """Distribution, version, licence, path inside it and the line of the definition."""
    seed = next(item for item in seeds("inflection") if item.entry_point == "camelize")
    lines = importlib.metadata.files("inflection") or []
    text = next(str(file.read_text()) for file in lines if str(file) == seed.source.path)

    assert (seed.source.distribution, seed.source.license) == ("inflection", "MIT")
    assert seed.source.version == importlib.metadata.version("inflection")
    assert text.splitlines()[seed.source.line - 1].startswith("def camelize(")
    assert seed.signature.startswith("camelize(string: str")
    assert seed.instruction


def test_every_reject_has_a_known_reason() -> None:
    """Reasons are keys of `REASONS`, and nothing is dropped silently."""
    found = list(package_seeds("toolz", CONFIG))

    assert {item.reason for item in found if isinstance(item, Rejected)} <= REASONS.keys()
    assert any(isinstance(item, Rejected) for item in found)


def test_the_code_is_never_imported() -> None:
    """Reading a distribution leaves no module of it behind."""
    before = set(sys.modules)
    seeds("boltons")

    assert not {name for name in set(sys.modules) - before if name.startswith("boltons")}


def test_order_is_the_same_each_time() -> None:
    """Two walks give the same records."""
    assert list(package_seeds("toolz", CONFIG)) == list(package_seeds("toolz", CONFIG))


@pytest.mark.slow
def test_the_standard_library_is_a_source() -> None:
    """It comes under the PSF licence, with the version that runs, and without its tests."""
    found = seeds("stdlib")

    assert len(found) > 500
    assert {seed.source.license for seed in found} == {"PSF-2.0"}
    assert not any(seed.source.path.startswith(("test/", "site-packages/")) for seed in found)


def test_a_licence_off_the_list_is_said_before_any_work() -> None:
    """By name, with what is allowed and what to do."""
    strict = CONFIG.with_changes(licenses=("ISC",))
    with pytest.raises(InputError, match=r"package:inflection is under MIT.*\(ISC\); add it"):
        package_edition("inflection", strict)


def test_an_unknown_distribution_is_named_with_close_ones() -> None:
    """The message has what was asked, what is near, and how to get it."""
    with pytest.raises(InputError, match=r"'inflectio'.*inflection.*pip install inflectio"):
        next(package_seeds("inflectio", CONFIG))


def test_sources_come_in_the_order_given() -> None:
    """`collect` walks one source after the other."""
    config = BuildConfig(seeds=("package:toolz", "package:inflection"))
    walked = [item for item in collect(config.seeds, config) if isinstance(item, Seed)]
    names = [seed.source.distribution for seed in walked]

    assert list(dict.fromkeys(names)) == ["toolz", "inflection"]
    assert list(islice(names, 2)) == ["toolz", "toolz"]

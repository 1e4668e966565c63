"""The seeds of ``procedural:N``."""

from collections.abc import Iterator

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.layout import signature_of
from pyx_dataset.rng import rng_for
from pyx_dataset.schema import Example, Seed, Source
from pyx_dataset.seeds.procedural.arguments import call_of
from pyx_dataset.seeds.procedural.write import write

GRAMMAR_VERSION = "1"
"""Changes whenever an item of the same number becomes another program."""

_CALLS = 4


def procedural_seeds(amount: str, config: BuildConfig) -> Iterator[Seed]:
    """
    The first `amount` programs of the grammar, in order.

    Raises:
        InputError: `amount` is not a positive number.
    """
    for index in range(_count(amount)):
        yield procedural_seed(index, config)


def procedural_seed(index: int, config: BuildConfig) -> Seed:
    """Program number `index`: the same in any process, whatever was written before it."""
    rng = rng_for(config.seed, "procedural", index)
    written = write(rng, config.procedural)
    calls = dict.fromkeys(
        call_of(written.entry_point, written.code, written.parameters, rng, config.procedural)
        for _ in range(_CALLS)
    )
    return Seed(
        source=Source("pyx-procedural", GRAMMAR_VERSION, "Apache-2.0", f"{config.seed}/{index}", 1),
        code=written.code,
        entry_point=written.entry_point,
        signature=signature_of(written.code, written.entry_point),
        instruction=written.description,
        examples=tuple(Example(call, None) for call in calls),
    )


def procedural_edition(amount: str, config: BuildConfig) -> str:
    """
    The version of the grammar.

    Raises:
        InputError: `amount` is not a positive number.
    """
    del config
    _count(amount)
    return GRAMMAR_VERSION


def _count(amount: str) -> int:
    if not amount.isdecimal() or not int(amount):
        raise InputError(f"procedural:{amount} must say how many programs, such as procedural:1000")
    return int(amount)

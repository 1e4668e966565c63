"""Licences, held against the texts that installed distributions carry."""

import importlib.metadata

import pytest

from pyx_dataset.seeds.licenses import license_of_distribution, license_of_text


@pytest.mark.parametrize(
    ("name", "spdx"),
    [
        ("toolz", "BSD-3-Clause"),
        ("boltons", "BSD-3-Clause"),
        ("inflection", "MIT"),
        ("pydash", "MIT"),
        ("algorithms", "MIT"),
        ("more-itertools", "MIT"),
    ],
)
def test_the_licence_of_a_distribution_is_spdx(name: str, spdx: str) -> None:
    """From the expression, the older fields or, where those say only "BSD", from the text."""
    assert license_of_distribution(importlib.metadata.distribution(name)) == spdx


def test_a_text_that_is_not_known_is_no_licence() -> None:
    """Better no row than a row under a guess."""
    assert license_of_text("You may look at this, but not touch it.") is None

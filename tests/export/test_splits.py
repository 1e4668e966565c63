"""Where a family goes."""

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.export.splits import split_of

SHARES = st.floats(0, 0.49)


@given(st.text(max_size=20), SHARES, SHARES, SHARES, SHARES)
def test_a_share_moves_no_family_of_the_others(
    family: str, validation: float, test: float, more_validation: float, more_test: float
) -> None:
    """Growing one share takes from train only, so a test set once published stays apart."""
    before = split_of(family, validation, test)
    after = split_of(family, max(validation, more_validation), max(test, more_test))

    assert before in {"train", after}


def test_shares_are_kept() -> None:
    """Of 20,000 families each split gets its share, within four standard deviations."""
    found = [split_of(f"{n:x}", validation_share=0.05, test_share=0.15) for n in range(20_000)]

    assert abs(found.count("validation") - 1_000) < 4 * 31
    assert abs(found.count("test") - 3_000) < 4 * 51

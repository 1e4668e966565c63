"""The card says what the record says."""

import re
import tomllib
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from pyx_dataset.config import BuildConfig
from pyx_dataset.export.card import card
from pyx_dataset.export.features import FEATURES, MEANING
from tests.export.samples import CONFIG, RECORD

COUNTS = {
    config: {"train": 700 + n, "validation": 40 + n, "test": 100 + n}
    for n, config in enumerate(FEATURES)
}
FULL: dict[str, Any] = {
    **RECORD,
    "counts": COUNTS,
    "files": {},
    "outcomes": {"raised": 71, "returned": 913},
    "reach": {"branches taken, share": 0.9371},
    "spreads": {
        name: {"n": 7, "min": 1, "p10": 2, "median": 53, "p90": 61, "max": 777, "bin": 25,
               "bins": {"0": 3, "50": 4}}
        for name in ("words, forward", "words, backward", "words, debug", "steps")
    },
}  # fmt: skip


def test_the_head_is_read_by_the_hub() -> None:
    """`huggingface_hub` parses licences, size and one default config."""
    data = DatasetCard(card(FULL)).data

    assert data.license == ["mit", "other"]
    assert data.license_name == "psf-2.0"
    assert data.size_categories == ["n<1K"]
    assert [item["config_name"] for item in data.configs if item.get("default")] == ["default"]


def test_every_count_of_the_record_is_in_the_card() -> None:
    """By split, source, outcome and reason."""
    text = card(FULL)

    assert "| `forward` | 704 | 44 | 104 | 852 |" in text
    assert "| inflection | 0.5.1 | MIT | 2 |" in text
    assert "| raised | 71 |" in text
    assert "| branches taken, share | 0.9371 |" in text
    assert re.search(r"\| seeds \| `duplicate` \| .* \| 41 \|", text)


def test_no_number_of_rows_is_typed_by_hand() -> None:
    """Another record changes every count, and nothing of the old one is left."""
    text = card(FULL)
    other = {**FULL, "counts": {c: dict.fromkeys(s, 5) for c, s in COUNTS.items()}}

    assert "704" in text
    assert "704" not in card(other)


def test_the_settings_rebuild_the_config() -> None:
    """The TOML block in the card is the config of the build."""
    match = re.search(r"```toml\n(.*?)```", card(FULL), re.DOTALL)
    assert match

    assert BuildConfig.from_table(tomllib.loads(match[1]), "the card") == CONFIG


@pytest.mark.parametrize("config", FEATURES)
def test_every_column_is_explained(config: str) -> None:
    """No published column without its meaning, no meaning without a column."""
    assert set(FEATURES[config]) <= set(MEANING)
    assert set(MEANING) == {column for features in FEATURES.values() for column in features}

"""What the page is told about a row is what the data set says of it."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.calls import check_monologue
from pyx_dataset.errors import InputError
from pyx_dataset.export.features import FEATURES
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import CheckedClaim, CheckReport, Claim
from pyx_dataset.viewing.account import account, pieces
from pyx_dataset.viewing.folder import open_folder


def rows(folder: Path, config: str) -> list[dict[str, object]]:
    """As pyarrow reads them."""
    found: list[dict[str, object]] = []
    for file in sorted((folder / config).glob("train-*.parquet")):
        found += pq.read_table(file).to_pylist()
    return found


@pytest.mark.parametrize("config", FEATURES)
def test_every_row_that_is_listed_can_be_shown(folder: Path, sandbox: Sandbox, config: str) -> None:
    """The list and the files have the same ids in the same order, and each has an account."""
    opened = open_folder(folder)
    listed = [item["id"] for item in opened.listed(config, "train")]

    assert listed == [row["id"] for row in rows(folder, config)]
    for name in listed:
        assert account(opened, sandbox, config, "train", name)["facts"][0] == ("id", name)


def test_the_steps_shown_are_the_published_ones(folder: Path, sandbox: Sandbox) -> None:
    """Nothing is run again where the data set has the run."""
    opened = open_folder(folder)
    for row in rows(folder, "executions"):
        (run,) = account(opened, sandbox, "executions", "train", str(row["id"]))["runs"]

        assert run["code"] == row["code"]
        assert [step["line"] for step in run["steps"]] == [
            step["line"]
            for step in row["steps"]  # type: ignore[attr-defined]  # a list column
        ]


def test_a_completion_is_shown_whole_and_all_its_claims_are_marked(
    folder: Path, sandbox: Sandbox
) -> None:
    """The pieces join to the completion; the marks are as many as the row's own count."""
    opened = open_folder(folder)
    for row in rows(folder, "forward"):
        shown = account(opened, sandbox, "forward", "train", str(row["id"]))["texts"][0]
        completion = row["completion"][0]["content"]  # type: ignore[index]  # chat messages
        marked = [piece for piece in shown["pieces"] if piece.get("verdict") == "confirmed"]

        assert "".join(piece["text"] for piece in shown["pieces"]) == completion
        # The answer is one claim more; it stands outside the monologue.
        assert len(marked) == row["claims_confirmed"] - 1  # type: ignore[operator]  # a count


def test_a_worse_answer_has_its_wrong_claim_marked(folder: Path, sandbox: Sandbox) -> None:
    """What the row gives as the reason is what is red."""
    opened = open_folder(folder)
    for row in rows(folder, "preference"):
        texts = account(opened, sandbox, "preference", "train", str(row["id"]))["texts"]
        (shown,) = [text for text in texts if text["title"] == "rejected"]
        red = [item["text"] for item in shown["pieces"] if item.get("verdict") == "contradicted"]

        assert red
        assert repr(red[0]) in str(row["detail"])


def test_a_bug_is_shown_with_both_runs_from_where_they_part(folder: Path, sandbox: Sandbox) -> None:
    """The marked steps are the published ones, and differ."""
    opened = open_folder(folder)
    for row in rows(folder, "debug"):
        buggy, fixed = account(opened, sandbox, "debug", "train", str(row["id"]))["runs"]

        assert (buggy["mark"], fixed["mark"]) == (
            row["divergence_step"], row["divergence_fixed_step"]
        )  # fmt: skip
        assert buggy["steps"][buggy["mark"]] != fixed["steps"][fixed["mark"]]


def test_a_wrong_claim_is_the_one_marked_as_contradicted() -> None:
    """Of two equal statements, of which the second is wrong, the second is marked."""
    code = "def f(x):\n    y = x\n    y = y + 1\n    return y\n"
    text = "### Execution Simulation\n[L6] `y` becomes `2`.\n[L7] `y` becomes `2`."
    shown = list(pieces(text, check_monologue(text, code, "f(2)")))

    assert [piece["text"] for piece in shown if piece.get("verdict") == "contradicted"] == [
        "`y` becomes `2`"
    ]
    wrong = [piece.get("verdict") for piece in shown].index("contradicted")
    assert text.index("[L7]") < sum(len(piece["text"]) for piece in shown[:wrong])


@given(st.text(), st.lists(st.text(min_size=1), max_size=5), st.lists(st.text(min_size=1)))
def test_pieces_always_join_to_the_text(text: str, one: list[str], other: list[str]) -> None:
    """Whatever a report says, found in the text or not."""
    held = [
        tuple(CheckedClaim(Claim("value", "", "", None, words), 0, None) for words in part)
        for part in (one, other)
    ]

    shown = pieces(text, CheckReport(held[0], held[1], ()))

    assert "".join(piece["text"] for piece in shown) == text


def test_what_does_not_exist_is_named(folder: Path, tmp_path: Path) -> None:
    """A row, a config, a split, a folder, a schema: each in one sentence with what there is."""
    opened = open_folder(folder)
    (tmp_path / "build.json").write_text(json.dumps({"schema_version": "0.1.0"}))

    with pytest.raises(InputError, match="no row 'nobody' in forward/train"):
        opened.row("forward", "train", "nobody")
    with pytest.raises(InputError, match="no config 'wrong'; it was built with default"):
        opened.listed("wrong", "train")
    with pytest.raises(InputError, match="unknown split 'dev'; there are train"):
        opened.listed("forward", "dev")
    with pytest.raises(InputError, match="it has no build"):
        open_folder(tmp_path / "nothing")
    with pytest.raises(InputError, match=r"schema version 0\.1\.0"):
        open_folder(tmp_path)

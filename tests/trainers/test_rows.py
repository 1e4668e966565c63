"""Which rows are trained on, and on which of their tokens."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer

from pyx_dataset.layout import BACKWARD_HEADINGS, FORWARD_HEADINGS, monologue_completion
from trainers.formats import FORMATS, STYLES, beside
from trainers.rows import (
    IGNORED,
    DataArguments,
    Refused,
    choose,
    load_parts,
    load_rows,
    order,
    parse_weights,
    tokenise,
)


@pytest.mark.parametrize("style", STYLES)
def test_loss_falls_exactly_on_the_completion(
    style: str, data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Decoding the tokens with loss gives the completion and the end of its turn, no more."""
    data = str(data_folder)
    for row in beside(load_rows(data, "forward"), load_rows(data, "executions")):
        prompt, completion = FORMATS["forward"][style](row)
        example = tokenise(row, prompt, completion, tokenizer)
        trained = [label for label in example.labels if label != IGNORED]
        context = example.input_ids[: -len(trained)]

        assert tokenizer.decode(trained) == completion[0]["content"] + "<|im_end|>\n"
        assert tokenizer.decode(context) == tokenizer.apply_chat_template(
            prompt, tokenize=False, add_generation_prompt=True
        )


def test_tokens_and_labels_are_those_trl_makes(
    data_folder: Path, model_folder: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    """TRL, given prompt and completion, prepares the same ids and labels."""
    rows = load_rows(str(data_folder), "forward")
    config = SFTConfig(str(tmp_path), use_cpu=True, bf16=False, report_to="none", max_length=900)
    trl = SFTTrainer(
        str(model_folder), config, train_dataset=rows.select_columns(["prompt", "completion"])
    ).train_dataset
    ours = [tokenise(row, row["prompt"], row["completion"], tokenizer) for row in rows]

    assert [list(example.input_ids) for example in ours] == trl["input_ids"][:]
    assert [list(example.labels) for example in ours] == trl["labels"][:]


def test_a_row_that_does_not_fit_is_dropped_and_counted(
    data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """What is kept is whole; kept and dropped together are all rows."""
    wanted = DataArguments(data=str(data_folder))
    (whole,) = load_parts(wanted, tokenizer, length=10_000, seed=1)
    middle = sorted(len(example.input_ids) for example in whole.examples)[4]
    (part,) = load_parts(wanted, tokenizer, length=middle, seed=1)

    assert set(part.examples) == {e for e in whole.examples if len(e.input_ids) <= middle}
    assert len(part.examples) + part.dropped == 8


def test_a_row_with_a_long_completion_is_dropped_and_counted(
    data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """The limit is on the tokens with loss, whatever the prompt."""
    wanted = DataArguments(data=str(data_folder))
    (whole,) = load_parts(wanted, tokenizer, length=10_000, seed=1)
    lengths = {e: len(e.labels) - e.labels.count(IGNORED) for e in whole.examples}
    wanted.max_completion_length = middle = sorted(lengths.values())[4]
    (part,) = load_parts(wanted, tokenizer, length=10_000, seed=1)

    assert set(part.examples) == {e for e, length in lengths.items() if length <= middle}
    assert len(part.examples) + part.dropped == 8


def test_formats_are_mixed_over_the_same_programs(
    data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """``direct:3,monologue:1`` of four rows: three and one, of one program."""
    wanted = DataArguments(data=str(data_folder), formats="direct:3,monologue:1", max_train_rows=4)
    direct, monologue = load_parts(wanted, tokenizer, length=10_000, seed=1)

    assert (len(direct.examples), len(monologue.examples)) == (3, 1)
    assert monologue.examples[0].program == direct.examples[0].program


def test_order_takes_programs_whole_and_depends_on_the_seed(data_folder: Path) -> None:
    """Rows of a program stay together, and seeds give different orders."""
    rows = load_rows(str(data_folder), "forward")
    orders = {tuple(rows["program_id"][n] for n in order(rows, seed)) for seed in range(20)}

    for programs in orders:
        changes = sum(a != b for a, b in itertools.pairwise(programs))
        assert changes == len(set(programs)) - 1
    assert len(orders) > 1


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 9)), min_size=1, max_size=4),
    st.integers(0, 9_000),
)
def test_shares_follow_the_weights_and_no_row_repeats(
    parts: list[tuple[int, int]], most: int
) -> None:
    """No part gives more than it has, the sum keeps to the limit, shares are those asked."""
    counts, weights = zip(*parts, strict=True)
    taken = choose(counts, weights, most)
    share = sum(taken) / sum(weights)

    assert all(number <= count for number, count in zip(taken, counts, strict=True))
    assert not most or sum(taken) <= most + len(parts) / 2
    assert all(
        abs(n - share * weight) <= 1 + weight * len(parts) / sum(weights)
        for n, weight in zip(taken, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [("direkt", "unknown name 'direkt'"), ("direct:x", "not a weight"), ("direct:0", "positive")],
)
def test_a_weight_that_cannot_be_meant_is_refused(text: str, says: str) -> None:
    """The message names what was wrong."""
    with pytest.raises(Refused, match=says):
        parse_weights(text, ["direct", "monologue"])


def test_a_data_set_without_the_asked_config_is_refused(data_folder: Path) -> None:
    """The message names the configs it has."""
    with pytest.raises(Refused, match="no config 'backward'; it has forward"):
        load_rows(str(data_folder), "backward")


def test_a_missing_data_set_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is one sentence, not a traceback."""
    with pytest.raises(Refused, match="cannot load 'forward'"):
        load_rows(str(tmp_path / "nothing"), "forward")


def test_a_trace_stands_before_the_answer(data_folder: Path) -> None:
    """The concise trace of one call, as written by hand from the paper's layout."""
    data = str(data_folder)
    row = next(iter(beside(load_rows(data, "forward"), load_rows(data, "executions"))))
    _, completion = FORMATS["forward"]["concise"](row)

    assert completion[0]["content"] == (
        '[L5] [INPUT] {"x": 1} [/INPUT] [/L5]\n[L6] [OUTPUT] 2 [/OUTPUT] [/L6]\n[/TRACE]\n'
        "[ANSWER]\nassert double(1) == 2\n[/ANSWER]"
    )


@pytest.mark.parametrize("config", ["forward", "backward"])
def test_a_simulation_is_the_monologue_without_its_first_sections(config: str) -> None:
    """The third of four sections and all behind it; `splitlines` finds the headings."""
    headings = {"forward": FORWARD_HEADINGS, "backward": BACKWARD_HEADINGS}[config]
    text = "\n\n".join(f"{heading}\nSays {place}." for place, heading in enumerate(headings))
    row = {"prompt": [], "completion": monologue_completion(text, "assert f(1) == 2")}
    whole = row["completion"][0]["content"].splitlines()
    third = [place for place, line in enumerate(whole) if line.startswith("###")][2]

    _, completion = FORMATS[config]["simulation"](row)

    assert completion[0]["content"].splitlines() == whole[third:]


@pytest.mark.parametrize("style", STYLES)
def test_rows_can_be_the_same_in_every_format(
    style: str, data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """What is too long in one of `fit_formats` is dropped in all of them."""
    wanted = DataArguments(data=str(data_folder), formats="next")
    (longest,) = load_parts(wanted, tokenizer, length=10_000, seed=1)
    middle = sorted(len(example.input_ids) for example in longest.examples)[4]
    kept = [e.program for e in longest.examples if len(e.input_ids) <= middle]
    wanted.formats, wanted.fit_formats = style, "next,direct"
    (part,) = load_parts(wanted, tokenizer, length=middle, seed=1)

    # Monologues and other traces are shorter here than numbered states.
    assert [example.program for example in part.examples] == kept
    assert 0 < len(kept) == 8 - part.dropped < 8


def test_a_format_that_a_config_lacks_is_refused(
    data_folder: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """The message names the formats it has."""
    wanted = DataArguments(data=str(data_folder), mixture="debug", formats="next")
    with pytest.raises(Refused, match="no format next; it has monologue, direct"):
        load_parts(wanted, tokenizer, length=1_000, seed=1)

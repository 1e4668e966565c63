"""A tree of rows trains like the rows one by one."""

from pathlib import Path
from random import Random

import pytest
import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer

from trainers.formats import direct_output
from trainers.prefixes import SharedPrefixTrainer, collate, plant
from trainers.rows import IGNORED, Example, load_rows, tokenise


def random_examples(rng: Random, count: int) -> list[Example]:
    """Rows of one program with a common beginning of any length, none included."""
    trunk = [rng.randrange(200) for _ in range(rng.randrange(8))]
    examples = []
    for _ in range(count):
        prompt = trunk + [rng.randrange(200) for _ in range(rng.randrange(1, 6))]
        completion = [rng.randrange(200) for _ in range(rng.randrange(1, 6))]
        labels = [IGNORED] * len(prompt) + completion
        examples.append(Example("p", tuple(prompt + completion), tuple(labels)))
    return examples


def lone_loss(model: LlamaForCausalLM, example: Example) -> float:
    """The summed loss of one row run by itself with nothing of ours."""
    ids, labels = torch.tensor([example.input_ids]), torch.tensor([example.labels])
    trained = sum(label != IGNORED for label in example.labels)
    return model(input_ids=ids, labels=labels).loss.item() * trained


@pytest.mark.parametrize("seed", range(20))
def test_a_tree_has_the_loss_of_its_rows(seed: int, model_folder: Path) -> None:
    """Summed over its branches it is what each row gives alone, two trees in a batch included."""
    model = AutoModelForCausalLM.from_pretrained(model_folder)
    rng = Random(seed)
    programs = [random_examples(rng, rng.randrange(1, 5)) for _ in range(2)]
    batch = collate([tree for program in programs for tree in plant(program, 10_000)])
    labels = batch.pop("labels")
    logits = model(**batch).logits[0, :-1]
    together = torch.nn.functional.cross_entropy(logits, labels[0, 1:], reduction="sum")

    alone = sum(lone_loss(model, example) for program in programs for example in program)
    assert together.item() == pytest.approx(alone, rel=1e-4)


def test_trees_keep_every_row_within_the_length() -> None:
    """Cut into trees of at most 30 tokens, all completion tokens are there, in order."""
    examples = random_examples(Random(3), 12)
    trees = list(plant(examples, 30))

    assert len(trees) > 1
    assert all(len(tree["input_ids"]) <= 30 for tree in trees)
    kept = [label for tree in trees for label in tree["labels"] if label != IGNORED]
    assert kept == [label for e in examples for label in e.labels if label != IGNORED]


def config(out: Path, sequences: int, **more: object) -> SFTConfig:
    """Three optimizer steps over as many sequences each."""
    return SFTConfig(
        str(out), use_cpu=True, bf16=False, report_to="none", max_steps=3,
        per_device_train_batch_size=1, gradient_accumulation_steps=sequences, save_strategy="no",
        learning_rate=1e-2, lr_scheduler_type="constant", gradient_checkpointing=False,
        disable_tqdm=True, **more,
    )  # fmt: skip


@pytest.fixture
def examples(data_folder: Path, tokenizer: PreTrainedTokenizerFast) -> list[Example]:
    """All rows, answered directly."""
    rows = load_rows(str(data_folder), "forward")
    return [tokenise(row, *direct_output(row), tokenizer) for row in rows]


def tokens(examples: list[Example]) -> Dataset:
    """Rows as TRL takes them when they are tokenised."""
    return Dataset.from_list([{"input_ids": e.input_ids, "labels": e.labels} for e in examples])


@pytest.fixture
def row_by_row(examples: list[Example], model_folder: Path, tmp_path: Path) -> SFTTrainer:
    """TRL after three steps over all rows, each a sequence of its own."""
    rows = tokens(examples)
    trainer = SFTTrainer(str(model_folder), config(tmp_path / "a", len(rows)), train_dataset=rows)
    trainer.train()
    return trainer


def agree(one: torch.nn.Module, other: torch.nn.Module, start: Path) -> None:
    """Equal weights, all of which have left the base's."""
    base = AutoModelForCausalLM.from_pretrained(start)
    for name, weight in one.named_parameters():
        assert not torch.allclose(weight, base.get_parameter(name), atol=2e-4), name
        assert torch.allclose(weight, other.get_parameter(name), atol=2e-4), name


def test_sharing_trains_the_weights_that_trl_trains(
    examples: list[Example], row_by_row: SFTTrainer, model_folder: Path, tmp_path: Path
) -> None:
    """Three optimizer steps over all rows: TRL row by row and ours tree by tree agree."""
    shared = config(tmp_path / "b", 3)
    shared.dataset_kwargs = {"skip_prepare_dataset": True}
    shared.remove_unused_columns = False
    trees = Dataset.from_list(list(plant(examples, 10_000)))
    ours = SharedPrefixTrainer(
        str(model_folder), shared, train_dataset=trees, data_collator=collate
    )
    ours.train()

    assert len(trees) == 3
    agree(row_by_row.model, ours.model, model_folder)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_rows_that_are_packed_do_not_see_each_other(
    attention: str, examples: list[Example], row_by_row: SFTTrainer, model_folder: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    """TRL's bfd packing without flash attention trains what the rows train one by one."""
    packed = SFTTrainer(
        str(model_folder),
        config(
            tmp_path / "b", 1, packing=True, packing_strategy="bfd", max_length=10_000,
            model_init_kwargs={"attn_implementation": attention},
        ),
        train_dataset=tokens(examples),
    )  # fmt: skip
    (lengths,) = packed.train_dataset["seq_lengths"]
    packed.train()

    assert sorted(lengths) == sorted(len(example.input_ids) for example in examples)
    agree(row_by_row.model, packed.model, model_folder)

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


def test_sharing_trains_the_weights_that_trl_trains(
    data_folder: Path, model_folder: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    """Three optimizer steps over all rows: TRL row by row and ours tree by tree agree."""
    rows = load_rows(str(data_folder), "forward")
    examples = [tokenise(row, *direct_output(row), tokenizer) for row in rows]

    def config(name: str, rows: int) -> SFTConfig:
        return SFTConfig(
            str(tmp_path / name), use_cpu=True, bf16=False, report_to="none", max_steps=3,
            per_device_train_batch_size=1, gradient_accumulation_steps=rows, save_strategy="no",
            learning_rate=1e-2, lr_scheduler_type="constant", gradient_checkpointing=False,
            disable_tqdm=True,
        )  # fmt: skip

    tokens = [{"input_ids": e.input_ids, "labels": e.labels} for e in examples]
    theirs = SFTTrainer(
        str(model_folder), config("a", len(tokens)), train_dataset=Dataset.from_list(tokens)
    )
    shared = config("b", 3)
    shared.dataset_kwargs = {"skip_prepare_dataset": True}
    shared.remove_unused_columns = False
    trees = Dataset.from_list(list(plant(examples, 10_000)))
    ours = SharedPrefixTrainer(
        str(model_folder), shared, train_dataset=trees, data_collator=collate
    )
    start = {name: weight.clone() for name, weight in ours.model.named_parameters()}
    theirs.train()
    ours.train()

    assert len(trees) == 3
    for name, weight in theirs.model.named_parameters():
        moved = ours.model.get_parameter(name)
        assert not torch.equal(moved, start[name])
        assert torch.allclose(moved, weight, atol=2e-4), name

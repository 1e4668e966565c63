"""The CPU's LoRA layers train what PEFT's train."""

from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch.nn import functional
from transformers import AutoModelForCausalLM
from trl import ModelConfig, get_peft_config

from trainers.adapters import LowRank, OnePassLinear, adapter_config

ASKED = ModelConfig(use_peft=True, lora_target_modules=["all-linear"], lora_dropout=0.0)


def test_its_gradients_are_those_of_finite_differences() -> None:
    """Of rows, A and B, in double precision; the frozen weight has none."""
    make = torch.Generator().manual_seed(1)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=make, dtype=torch.float64)

    weight = random(4, 5)
    inputs = [random(7, 5), random(3, 5), random(4, 3)]
    for item in inputs:
        item.requires_grad_()

    assert torch.autograd.gradcheck(
        lambda x, down, up: LowRank.apply(x, weight, down, up, 0.7), inputs
    )


def adapted(folder: Path, config: LoraConfig, dtype: torch.dtype) -> torch.nn.Module:
    """The tiny model with random adapters, the same ones for every `config`."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    model = get_peft_model(model, config).train()
    torch.manual_seed(3)
    for name, weight in sorted(model.named_parameters()):
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return model


def losses(model: torch.nn.Module, *, autocast: bool) -> list[float]:
    """Losses of ten steps of plain gradient descent on one sequence."""
    ids = torch.arange(10, 70)[None]
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=3.0)
    seen = []
    for _ in range(10):
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            logits = model(ids).logits
        loss = functional.cross_entropy(logits[0, :-1].float(), ids[0, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(loss.item())
    return seen


@pytest.mark.parametrize(
    ("dtype", "autocast", "within"),
    [(torch.float32, False, 1e-4), (torch.float32, True, 0.02), (torch.bfloat16, True, 0.02)],
)
def test_it_trains_as_peft_does(
    dtype: torch.dtype, autocast: bool, within: float, model_folder: Path
) -> None:
    """PEFT in float32 is the oracle: equal losses, up to rounding where products are bfloat16."""
    theirs = adapted(model_folder, get_peft_config(ASKED), torch.float32)
    ours = adapted(model_folder, adapter_config(ASKED, on_cpu=True), dtype)
    if dtype == torch.float32:
        ours.load_state_dict(theirs.state_dict())
    expected = losses(theirs, autocast=False)

    assert sum(isinstance(module, OnePassLinear) for module in ours.modules()) == 14
    assert losses(ours, autocast=autocast) == pytest.approx(expected, rel=within)
    assert expected[-1] < expected[0] - 0.1


@pytest.mark.parametrize(
    ("on_cpu", "more"),
    [(False, {}), (True, {"load_in_4bit": True}), (True, {"lora_dropout": 0.1}),
     (True, {"use_dora": True})],
)  # fmt: skip
def test_peft_keeps_what_is_not_plain(on_cpu: bool, more: dict[str, object]) -> None:
    """GPUs, quantised weights, dropout and DoRA are left to PEFT's own layers."""
    asked = ModelConfig(
        **{"use_peft": True, "lora_target_modules": ["all-linear"], "lora_dropout": 0.0} | more
    )

    assert adapter_config(asked, on_cpu=on_cpu)._custom_modules is None


def test_no_adapter_is_no_adapter() -> None:
    """Without `use_peft` nothing is added."""
    assert adapter_config(ModelConfig(), on_cpu=True) is None

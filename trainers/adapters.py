"""LoRA layers for CPUs: the same sums as PEFT's in fewer passes over memory.

On a small model PEFT's adapters cost as much as the products they adapt: each casts its input to
float32 and back, scales and adds whole activations, and keeps all of that for the backward pass.
Here a layer and its adapter are one step of the tape, computed in the dtype of the products; the
adapter itself stays in float32 for the optimizer, as in PEFT.
"""

from typing import Any

import torch
from peft import PeftConfig
from peft.tuners.lora import Linear
from trl import ModelConfig, get_peft_config


class LowRank(torch.autograd.Function):  # type: ignore[misc]  # torch is untyped here
    """``x Wᵀ + s (x Aᵀ) Bᵀ`` for a frozen `W`: Hu et al. 2021, eq. 3 (arXiv 2106.09685)."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        weight: torch.Tensor,
        down: torch.Tensor,
        up: torch.Tensor,
        scale: float,
    ) -> torch.Tensor:
        """The adapted product of rows `x`, with A as `down` and B as `up`, in the dtype of `x`."""
        ctx.dtypes = down.dtype, up.dtype
        weight, down, up = weight.to(x.dtype), down.to(x.dtype), up.to(x.dtype)
        inner = x @ down.T
        ctx.save_for_backward(x, weight, down, up, inner)
        ctx.scale = scale
        return (x @ weight.T).addmm_(inner, up.T, alpha=scale)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of the rows, A and B."""
        x, weight, down, up, inner = ctx.saved_tensors
        grad_inner = (grad @ up) * ctx.scale
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = (grad @ weight).addmm_(grad_inner, down)
        grad_down = (grad_inner.T @ x).to(ctx.dtypes[0])
        grad_up = (grad.T @ inner).to(ctx.dtypes[1]) * ctx.scale
        return grad_x, None, grad_down, grad_up, None


class OnePassLinear(Linear):  # type: ignore[misc]  # peft is untyped
    """PEFT's adapted linear layer; plain training steps are computed by `LowRank`."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """As PEFT's, which does whatever is not a plain training step."""
        base = self.get_base_layer()
        names = self.active_adapters
        plain = not (self.disable_adapters or self.merged or self.lora_variant or args or kwargs)
        if not (self.training and plain and len(names) == 1 and base.bias is None):
            return super().forward(x, *args, **kwargs)
        autocast = torch.is_autocast_enabled("cpu")
        dtype = torch.get_autocast_dtype("cpu") if autocast else base.weight.dtype
        down, up = self.lora_A[names[0]].weight, self.lora_B[names[0]].weight
        rows = x.reshape(-1, x.shape[-1]).to(dtype)
        y: torch.Tensor = LowRank.apply(rows, base.weight, down, up, self.scaling[names[0]])
        return y.view(*x.shape[:-1], y.shape[-1])


def adapter_config(model: ModelConfig, *, on_cpu: bool) -> PeftConfig | None:
    """What PEFT is to add to the model, if anything; on a CPU by `OnePassLinear` where it can."""
    config = get_peft_config(model)
    if config is None or not on_cpu or model.load_in_4bit or model.load_in_8bit:
        return config
    if not (config.lora_dropout or config.lora_bias or config.use_dora):
        config._register_custom_module({torch.nn.Linear: OnePassLinear})
    return config

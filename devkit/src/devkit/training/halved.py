"""Arithmetic in bfloat16 where the CPU has it: half as long, and exact enough for weights.

Nothing that is served computes so; int8, which does, moves a turn by more.
"""

import torch


def able() -> bool:
    """Whether this CPU multiplies bfloat16 itself; without it that would take far longer."""
    return bool(torch.cpu._is_avx512_bf16_supported())


def halved() -> torch.autocast:
    """A context whose products are of bfloat16 where the CPU is able to; else nothing changes."""
    return torch.autocast("cpu", torch.bfloat16, enabled=able())

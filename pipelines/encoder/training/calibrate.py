"""Ranges of the network's activations, measured once on training text and then fixed.

Scales computed per batch at run time would let a message's neighbours change its result; fixed
scales make it depend on nothing but itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer

SITES = ("attention.self.query", "attention.output.dense", "intermediate.dense", "output.dense")
"""Layers whose input is quantised; query, key and value share one input."""

TAIL = 2e-6
"""Share of activations clipped at each end: a handful of outliers would cost everyone precision."""

Ranges = dict[str, tuple[float, float]]
"""(low, high) by site, such as ``0.intermediate.dense``."""


def measure_ranges(network: torch.nn.Module, tokenizer: Tokenizer, texts: Sequence[str]) -> Ranges:
    """Runs ``texts`` through the float network and returns the range at each site."""
    seen: dict[str, list[torch.Tensor]] = defaultdict(list)
    hooks = []
    for number, layer in enumerate(network.bert.encoder.layer):
        for site in SITES:
            keep = _keeper(seen[f"{number}.{site}"])
            hooks.append(layer.get_submodule(site).register_forward_pre_hook(keep))
    network.eval()
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(text).ids])
            network(input_ids=ids, attention_mask=torch.ones_like(ids))
    for hook in hooks:
        hook.remove()
    return {site: _range(torch.cat(values)) for site, values in seen.items()}


def _keeper(into: list[torch.Tensor]):  # type: ignore[no-untyped-def]
    def keep(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        into.append(inputs[0].flatten().clone())

    return keep


def _range(values: torch.Tensor) -> tuple[float, float]:
    tail = max(1, int(values.numel() * TAIL))
    high = values.topk(tail).values[-1].item()
    low = values.topk(tail, largest=False).values[-1].item()
    return min(low, 0.0), max(high, 0.0)

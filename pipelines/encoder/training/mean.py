"""Means of a network's weights: of an epoch at a steady rate, and of networks that were saved.

    python -m pipelines.encoder.training.mean FOLDER FOLDER ... --out FOLDER

Stochastic weight averaging (Izmailov et al. 2018): the mean of where training wanders lies in a
flatter place than any step of it, and does better on text of other hands.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.optim.swa_utils import AveragedModel

NETWORK = "network.safetensors"
EVERY = 20
"""Steps from one snapshot to the next: those between are nearly the same."""


class RunningMean:
    """The mean of ``network`` as it was at every ``EVERY``-th step."""

    def __init__(self, network: torch.nn.Module) -> None:
        self._network, self._mean, self._steps = network, AveragedModel(network), 0

    def step(self) -> None:
        """Call after each step of the optimiser."""
        self._steps += 1
        if self._steps % EVERY == 0:
            self._mean.update_parameters(self._network)

    def save(self, folder: Path) -> None:
        """Writes the mean so far into ``folder``, as training writes a network."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self._mean.module.state_dict(), folder / NETWORK)


def mean_of(folders: list[Path], out: Path) -> None:
    """Writes the mean of the networks in ``folders`` into ``out``. All must be of one shape."""
    states = [load_file(folder / NETWORK) for folder in folders]
    if any(state.keys() != states[0].keys() for state in states):
        raise SystemExit("The networks do not have the same weights: means are of one shape only.")
    mean = {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}
    out.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: value.to(states[0][name].dtype) for name, value in mean.items()}, out / NETWORK
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="each with a network.safetensors")
    parser.add_argument("--out", type=Path, required=True, help="folder for the mean")
    args = parser.parse_args()
    mean_of(args.folders, args.out)


if __name__ == "__main__":
    main()

"""Batches of a mix with exact quotas of real images, for any number of processes, workers and epochs."""

from __future__ import annotations

import math
import random
from typing import Any, Dict, Iterator, List, Optional

from .mix import Mix, MixError

EPSILON = 1e-9


class BatchSampler:
    """
    Give it to a DataLoader as `batch_sampler`. Batch k of rank r is a window of the epoch's order, which begins at
    (k * world_size + r) * batch_size. Any window of a mix has floor(batch_size * real / images) real images or one more:
    so has every batch of every rank, and all ranks together. Workers do not change what a batch holds.

    Epoch 0 has the order of the manifest. Later ones keep which places are real, and draw the images for them anew. At
    the end of an epoch the last batches begin again from its start, so that all ranks have as many full batches, unless
    `drop_last`, which leaves out what fills no batch of every rank.

    Raises MixError for a batch size whose windows could fall below the mix's floor.
    """

    def __init__(
        self,
        mix: Mix,
        batch_size: Optional[int] = None,
        *,
        rank: int = 0,
        world_size: int = 1,
        drop_last: bool = False,
        seed: Optional[int] = None,
    ) -> None:
        self.mix = mix
        self.batch_size = mix.batch_size if batch_size is None else batch_size
        self.rank = rank
        self.world_size = world_size
        self.drop_last = drop_last
        self.seed = mix.seed if seed is None else seed
        self.epoch = 0
        #: Batches of the epoch that training has finished.
        self.batch = 0
        if self.batch_size < 1 or not 0 <= rank < world_size:
            raise MixError(f"A batch size of {self.batch_size}, and rank {rank} of {world_size}: give 1 or more, and a rank below.")
        least = self.batch_size * mix.real // len(mix)
        needed = math.ceil(self.batch_size * mix.floor - EPSILON)
        if least < needed and mix.below_floor is None:
            raise MixError(
                f"Batches of {self.batch_size} could hold {least} real images, and the floor of {mix.floor:.0%} takes "
                f"{needed}: take {mix.batch_size}, for which the mix was made, or a larger one."
            )
        if len(self) == 0:
            raise MixError(
                f"{len(mix)} images fill no batch of {self.batch_size} on each of {world_size} ranks: leave drop_last out."
            )

    def __len__(self) -> int:
        """Batches that each rank has in an epoch."""
        images, together = len(self.mix), self.batch_size * self.world_size
        return images // together if self.drop_last else -(-images // together)

    def __iter__(self) -> Iterator[List[int]]:
        """Positions of each batch, from the first that training has not finished."""
        order = self.order(self.epoch)
        for number in range(self.batch, len(self)):
            start = (number * self.world_size + self.rank) * self.batch_size
            yield [order[(start + i) % len(order)] for i in range(self.batch_size)]

    def set_epoch(self, epoch: int) -> None:
        """Begins an epoch. The one that a loaded state is in goes on where it was."""
        if epoch != self.epoch:
            self.epoch, self.batch = epoch, 0

    def advance(self) -> None:
        """Says that training has finished a batch. `report_batches` does so; a DataLoader reads ahead of training."""
        self.batch += 1
        if self.batch == len(self):
            self.epoch, self.batch = self.epoch + 1, 0

    def state_dict(self) -> Dict[str, Any]:
        """Where training is, to be kept with its checkpoint."""
        return {"epoch": self.epoch, "batch": self.batch, **self._identity()}

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Goes on where a state was. Raises MixError where it is of other batches: of another mix, size or world."""
        own = self._identity()
        other = [name for name, value in own.items() if state.get(name) != value]
        if other:
            said = ", ".join(f"{name} {state.get(name)} instead of {own[name]}" for name in other)
            raise MixError(f"The state is of other batches: {said}. Make the sampler as it was, or begin the epoch anew.")
        self.epoch, self.batch = state["epoch"], state["batch"]

    def order(self, epoch: int) -> List[int]:
        """Positions of the mix in the order of an epoch: at each place one of the same role."""
        if epoch == 0:
            return list(range(len(self.mix)))
        source = random.Random(f"assay-mix {self.seed} {epoch}")
        order = list(range(len(self.mix)))
        for is_real in (True, False):
            places = [place for place in order if self.mix.is_real(place) == is_real]
            # Draws of one image are spread: the j-th of m falls into the j-th of m equal parts.
            draws: Dict[str, List[int]] = {}
            for place in places:
                draws.setdefault(self.mix.rows[place]["sha256"], []).append(place)
            keyed = [
                ((j + source.random()) / len(own), position) for own in draws.values() for j, position in enumerate(own)
            ]
            for place, (_, position) in zip(places, sorted(keyed)):
                order[place] = position
        return order

    def _identity(self) -> Dict[str, Any]:
        return {
            "mix": self.mix.sha256,
            "batch_size": self.batch_size,
            "world_size": self.world_size,
            "drop_last": self.drop_last,
            "seed": self.seed,
        }

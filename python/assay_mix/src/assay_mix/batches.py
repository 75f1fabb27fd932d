"""A log of the batches that training really drew, for `assay mix check`."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Iterable, Iterator, List, TypeVar, Union

from .sampler import BatchSampler

B = TypeVar("B")


def positions_of(batch: Any) -> List[int]:
    """Positions of a batch of a `MixDataset`, as the DataLoader puts it together."""
    found = batch["position"]
    return [int(each) for each in (found.tolist() if hasattr(found, "tolist") else found)]


def _end_at_a_line(log: Union[str, "os.PathLike[str]"]) -> None:
    """Removes half a line, which a training that was killed may have left."""
    if os.path.exists(log):
        with open(log, "r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def report_batches(
    loader: Iterable[B],
    sampler: BatchSampler,
    log: Union[str, "os.PathLike[str]"],
    positions: Callable[[B], List[int]] = positions_of,
) -> Iterator[B]:
    """
    Yields the batches of a loader, and appends to `log` which images each of them has: what came out of the loader, not
    what the sampler meant to be in it. Tells the sampler when training comes back for the next batch, so that
    `sampler.state_dict()` says where training is. Each rank has a log of its own.
    """
    _end_at_a_line(log)
    with open(log, "a", encoding="utf-8") as file:

        def write(line: Any) -> None:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
            file.flush()

        write(
            {
                "format": "assay-batches-1",
                "mix": sampler.mix.sha256,
                "folder": str(sampler.mix.folder),
                "batchSize": sampler.batch_size,
                "rank": sampler.rank,
                "worldSize": sampler.world_size,
            }
        )
        for batch in loader:
            write({"epoch": sampler.epoch, "batch": sampler.batch, "positions": positions(batch)})
            yield batch
            sampler.advance()

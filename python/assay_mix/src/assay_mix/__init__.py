"""Trains on mixes that Assay wrote: every batch holds its share of real images, and a log proves it."""

from .batches import report_batches
from .dataset import MixDataset
from .mix import Mix, MixError, Row
from .sampler import BatchSampler

__all__ = ["BatchSampler", "Mix", "MixDataset", "MixError", "Row", "report_batches"]

"""
Tests over a real mix: ASSAY_MIX names its folder (made with shards, also of each source, batches of 8, a share of 35 %), ASSAY_MIX_LOGS where
logs of batches go. Run: ASSAY_MIX=… ASSAY_MIX_LOGS=… PYTHONPATH=src python3 -m unittest discover tests
"""

import collections
import importlib.util
import itertools
import math
import os
import shutil
import tempfile
import unittest
from pathlib import Path

from assay_mix import BatchSampler, Mix, MixDataset, MixError, report_batches

FOLDER, LOGS = Path(os.environ["ASSAY_MIX"]), Path(os.environ["ASSAY_MIX_LOGS"])
RANKS, EPOCHS = 2, 3


def needs(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"there is no {name}")


class Loader:
    """What a DataLoader does without torch: reads ahead of training, like two workers with two batches each."""

    def __init__(self, sampler):
        self.sampler = sampler

    def __iter__(self):
        ahead = collections.deque()
        for batch in self.sampler:
            ahead.append({"position": batch})
            if len(ahead) > 4:
                yield ahead.popleft()
        yield from ahead


def train(sampler, log, upto, loader=None):
    """Trains until the end of `upto` epochs; what each batch held."""
    drawn = []
    for epoch in range(sampler.epoch, upto):
        sampler.set_epoch(epoch)
        drawn += [batch["position"] for batch in report_batches(loader or Loader(sampler), sampler, log)]
    return [each.tolist() if hasattr(each, "tolist") else each for each in drawn]


class Mixes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mix = Mix(FOLDER)
        cls.size = cls.mix.batch_size

    def real_in(self, batch):
        return sum(map(self.mix.is_real, batch))

    def test_files_are_verified(self):
        self.assertEqual(self.mix.verify(), [])
        self.assertEqual(len(self.mix), self.mix.about["images"])
        self.assertEqual(self.real_in(range(len(self.mix))), self.mix.real)
        with self.assertRaisesRegex(MixError, "another mix"):
            Mix(FOLDER, sha256="0" * 64)
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(shutil.copytree(FOLDER, Path(scratch) / "copy"))
            with open(copy / self.mix.rows[0]["path"], "r+b") as file:
                file.seek(self.mix.rows[0]["offset"] + 20)
                file.write(b"spoilt")
            (copy / "more.txt").write_text("more")
            spoilt = Mix(copy)
            self.assertEqual(
                spoilt.verify(),
                [f"{self.mix.rows[0]['path']}: is not as it was written", "more.txt: is not in the manifest"],
            )
            with self.assertRaisesRegex(MixError, "does not hold the image"):
                spoilt.read(0)
            (copy / "mix.json").write_text("{}")
            with self.assertRaisesRegex(MixError, "mix.json is not as it was written"):
                Mix(copy)

    def test_every_batch_of_every_rank_holds_its_quota(self):
        share = self.mix.real / len(self.mix)
        for world in (1, 2, 3, 5):
            for size in (self.size, 10, 13, 16):
                for drop_last in (False, True):
                    samplers = [
                        BatchSampler(self.mix, size, rank=rank, world_size=world, drop_last=drop_last)
                        for rank in range(world)
                    ]
                    for epoch in range(EPOCHS):
                        drawn = collections.Counter()
                        for sampler in samplers:
                            sampler.set_epoch(epoch)
                            batches = list(sampler)
                            self.assertEqual(len(batches), len(sampler))
                            for batch in batches:
                                self.assertEqual(len(batch), size)
                                self.assertIn(self.real_in(batch), (math.floor(size * share), math.ceil(size * share)))
                                self.assertGreaterEqual(self.real_in(batch) / size, self.mix.floor)
                                drawn.update(batch)
                        if drop_last:
                            self.assertEqual(set(drawn.values()), {1})
                        else:
                            self.assertEqual(set(drawn), set(range(len(self.mix))))

    def test_epochs_differ_and_are_the_same_each_time(self):
        sampler = BatchSampler(self.mix)
        orders = [sampler.order(epoch) for epoch in range(EPOCHS)]
        self.assertEqual(orders[0], list(range(len(self.mix))))
        self.assertNotEqual(orders[1], orders[2])
        self.assertEqual(orders[2], BatchSampler(self.mix).order(2))
        for order in orders:
            self.assertEqual(sorted(order), orders[0])
            self.assertEqual([*map(self.mix.is_real, order)], [*map(self.mix.is_real, orders[0])])

    def test_a_resume_in_the_middle_draws_what_an_unbroken_training_draws(self):
        unbroken, drawn = [], []
        for rank in range(RANKS):
            of = {"rank": rank, "world_size": RANKS}
            unbroken.append(train(BatchSampler(self.mix, **of), LOGS / f"unbroken-{rank}.jsonl", EPOCHS))
            sampler, log, before = BatchSampler(self.mix, **of), LOGS / f"resumed-{rank}.jsonl", []
            train(sampler, log, 1)
            sampler.set_epoch(1)
            for batch in report_batches(Loader(sampler), sampler, log):
                if len(before) == 3:
                    break  # killed in the fourth batch, which is drawn again
                before.append(batch["position"])
            resumed = BatchSampler(self.mix, **of)
            resumed.load_state_dict(sampler.state_dict())
            drawn.append(unbroken[rank][: len(sampler)] + before + train(resumed, log, EPOCHS))
        self.assertEqual(drawn, unbroken)
        other = BatchSampler(self.mix, self.size, rank=0, world_size=RANKS + 1)
        with self.assertRaisesRegex(MixError, "world_size 2 instead of 3"):
            other.load_state_dict(sampler.state_dict())

    def test_what_cannot_hold_the_floor_is_refused(self):
        with self.assertRaisesRegex(MixError, f"take {self.size}, for which the mix was made"):
            BatchSampler(self.mix, 2)
        with self.assertRaisesRegex(MixError, "leave drop_last out"):
            BatchSampler(self.mix, self.size, world_size=1000, drop_last=True)
        with self.assertRaisesRegex(MixError, "rank 2 of 2"):
            BatchSampler(self.mix, rank=2, world_size=2)

    @needs("PIL")
    def test_samples_are_images_with_the_numbers_of_their_classes(self):
        dataset = MixDataset(self.mix, transform=lambda image: image.size)
        for position in (0, len(dataset) - 1):
            row, sample = self.mix.rows[position], dataset[position]
            self.assertEqual(sample["image"], (row["width"], row["height"]))
            self.assertEqual(self.mix.classes[sample["label"]], row["label"])
            self.assertEqual(sample["position"], position)

    @needs("datasets")
    def test_hugging_face_reads_the_rows_and_the_shards(self):
        import datasets

        own = self.mix.huggingface()
        self.assertEqual(own["sha256"][:], [row["sha256"] for row in self.mix.rows])
        self.assertEqual(own[3]["image"].size, (self.mix.rows[3]["width"], self.mix.rows[3]["height"]))
        shards = sorted(map(str, (FOLDER / "shards").glob("*.tar")))
        read = datasets.load_dataset("webdataset", data_files={"train": shards}, split="train", streaming=True)
        samples = list(read)
        self.assertEqual([sample["json"]["sha256"] for sample in samples], [row["sha256"] for row in self.mix.rows])
        self.assertEqual(self.mix.classes[samples[0]["cls"]], self.mix.rows[0]["label"])

    def share_of_real(self, samples):
        real = {row["sha256"] for row in self.mix.rows if row["role"] == "real"}
        return sum(sample["json"]["sha256"] in real for sample in samples) / len(samples)

    def near(self, share, samples):
        """Five standard deviations of a binomial."""
        expected = sum(self.mix.is_real(position) for position in range(len(self.mix))) / len(self.mix)
        self.assertLess(abs(share - expected), 5 * math.sqrt(expected * (1 - expected) / samples))

    @needs("datasets")
    def test_hugging_face_interleaves_the_sources_by_their_shares(self):
        import datasets

        sources = self.mix.about["sources"]
        parts = [
            datasets.load_dataset("webdataset", data_files=str(FOLDER / one["path"] / "*.tar"), split="train", streaming=True)
            for one in sources
        ]
        self.assertEqual([sum(1 for _ in part) for part in parts], [one["images"] for one in sources])
        shares = [one["share"] for one in sources]
        mixed = datasets.interleave_datasets(parts, probabilities=shares, seed=1, stopping_strategy="all_exhausted")
        samples = list(mixed.take(400))
        self.near(self.share_of_real(samples), len(samples))

    @needs("webdataset")
    def test_webdataset_mixes_the_sources_by_their_shares(self):
        import webdataset

        sources = self.mix.about["sources"]
        urls = [sorted(map(str, (FOLDER / one["path"]).glob("*.tar"))) for one in sources]
        parts = [webdataset.WebDataset(each, resampled=True).shuffle(1000).decode("pil") for each in urls]
        mixed = webdataset.RandomMix(parts, probs=[one["share"] for one in sources])
        samples = list(itertools.islice(mixed, 400))
        self.near(self.share_of_real(samples), 400)

    @needs("torch")
    def test_torch_draws_the_same_with_any_number_of_workers(self):
        from torch.utils.data import DataLoader

        expected = [batch for epoch in range(EPOCHS) for batch in self.batches_of(epoch)]
        for workers in (0, 2):
            sampler = BatchSampler(self.mix, rank=1, world_size=RANKS)
            loader = DataLoader(MixDataset(self.mix, decode=len), batch_sampler=sampler, num_workers=workers)
            self.assertEqual(train(sampler, LOGS / f"torch-{workers}.jsonl", EPOCHS, loader), expected)

    def batches_of(self, epoch):
        sampler = BatchSampler(self.mix, rank=1, world_size=RANKS)
        sampler.set_epoch(epoch)
        return list(sampler)

    @needs("webdataset")
    def test_webdataset_reads_the_shards_in_order(self):
        import webdataset

        urls = sorted(map(str, (FOLDER / "shards").glob("*.tar")))
        read = webdataset.WebDataset(urls, shardshuffle=False).decode("pil").to_tuple("jpg;png;webp", "cls", "json")
        for row, (image, number, facts) in zip(self.mix.rows, read):
            self.assertEqual(facts["sha256"], row["sha256"])
            self.assertEqual(self.mix.classes[number], row["label"])
            self.assertEqual(image.size, (row["width"], row["height"]))
        self.assertEqual(sum(1 for _ in read), len(self.mix))


if __name__ == "__main__":
    unittest.main()

import { gaussian, randomIndex, streamOf, type Random } from '../../core/base/numeric/random.ts';
import type { ExperimentData, Labelled } from '../../core/strategy/experiment/grid.ts';

/** A world of which everything is known: clouds of a class each, one apart from the next along an axis of its own. */
interface World {
  classes: number;
  dimensions: number;
  /** Distance of a cloud's centre from the origin; its spread is 1. */
  apart: number;
  real: number;
  synthetic: number;
  holdout: number;
  /** Share of the synthetic images of class 0 that carry the label of class 1. */
  labelNoise: number;
  /** How far every synthetic image is moved, along the line from class 0 to class 1. */
  shift: number;
}

/** Draws a set from the world. `verified` has the right labels and none of the images that got another one. */
export function simulate(world: World, seed: number): ExperimentData {
  const { classes, dimensions, labelNoise, shift } = world;
  const synthetic = draw(world, world.synthetic, streamOf(seed, 'synthetic'), shift);
  const noise = streamOf(seed, 'noise');
  const generated = synthetic.labels.map((label) => (label === 0 && noise() < labelNoise ? 1 : label));
  return {
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    dimensions,
    real: { ...draw(world, world.real, streamOf(seed, 'real'), 0), soft: new Map() },
    synthetic: {
      vectors: synthetic.vectors,
      generated,
      verified: synthetic.labels.map((label, i) => (generated[i] === label ? label : -1)),
      soft: new Map(),
    },
    holdout: draw(world, world.holdout, streamOf(seed, 'holdout'), 0),
  };
}

function draw(
  { classes, dimensions, apart }: World,
  images: number,
  random: Random,
  shift: number,
): Labelled {
  const labels = Int32Array.from({ length: images }, () => randomIndex(random, classes));
  const vectors = new Float32Array(images * dimensions);
  labels.forEach((label, i) => {
    for (let d = 0; d < dimensions; d++)
      vectors[i * dimensions + d] =
        gaussian(random) + (d === label ? apart : 0) + (d === 0 ? -shift : d === 1 ? shift : 0);
  });
  return { vectors, labels };
}

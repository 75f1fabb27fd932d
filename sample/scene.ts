import { BENCH_NAMES, paintBench, type BenchName } from './backgrounds.ts';
import { develop, type Origin } from './camera.ts';
import type { Canvas, Picture } from '../imaging/canvas.ts';
import { light, type Light } from './light.ts';
import { matte, metal } from './materials.ts';
import type { Pose } from './grid.ts';
import { drawPart } from './rasterise.ts';
import type { Random } from '../imaging/random.ts';
import { capsule, dome, plate, roundedBox, type Part } from './shape.ts';

/** A photograph, and its content in the words of a prompt. */
export interface Shot {
  picture: Picture;
  material: string;
  bench: BenchName;
}

/** Faults of the exposure, whatever the picture shows. */
export type Mishap = 'blurred' | 'dark' | null;

/** Photographs one part on a bench with dirt and, sometimes, a cable or a strip of tape. */
export function photograph(
  random: Random,
  make: (random: Random) => Part,
  origin: Origin,
  width: number,
  height: number,
  mishap: Mishap = null,
): Shot {
  const bench = random.pick(BENCH_NAMES);
  const scene = paintBench(random, bench, width, height);
  const lamp = light(random);
  for (let i = 0; i < scene.data.length; i++) scene.data[i]! *= lamp.room + lamp.key * lamp.z;
  scatterDebris(scene, random, lamp);
  const part = make(random);
  drawPart(scene, part, pose(random, width, height), lamp, {
    salt: random.integer(1 << 20),
    brushing: random.uniform(0.05, 0.4),
    rust: random.chance(0.2) ? random.uniform(0.25, 0.5) : 0,
  });
  if (random.chance(0.15)) occlude(scene, random, lamp);
  const picture = develop(scene, random, origin, {
    blurSigma: mishap === 'blurred' ? random.uniform(4.5, 6.5) : Math.max(0, random.uniform(-0.4, 0.75)),
    exposure: mishap === 'dark' ? random.uniform(0.012, 0.04) : Math.exp(0.13 * random.normal()),
  });
  return { picture, material: part.materials[0]?.name ?? '', bench };
}

function pose(random: Random, width: number, height: number): Pose {
  const side = Math.min(width, height);
  const scale = side * random.uniform(0.41, 0.47);
  const room = (side / 2 - scale) * 0.7;
  return {
    x: width / 2 + random.uniform(-1, 1) * room,
    y: height / 2 + random.uniform(-1, 1) * room,
    scale,
    rotation: 0.1 * random.normal(),
    squash: random.uniform(0.9, 1),
    tiltAxis: random.uniform(0, Math.PI),
  };
}

function scatterDebris(scene: Canvas, random: Random, lamp: Light): void {
  const count = random.chance(0.5) ? 0 : 1 + random.integer(5);
  for (let i = 0; i < count; i++) {
    const length = random.uniform(0.3, 1);
    const shard: Part = {
      materials: [
        random.chance(0.6)
          ? metal(random, ['steel', 'brass'])
          : matte(random, 'dirt', [0.07, 0.05, 0.04], 0.9),
      ],
      surface(out) {
        const { x, y } = out;
        out.distance = capsule(x, y, -length, 0, length, 0.3, 0.3, 0.12);
        out.height = dome(out.distance + 0.3, 0.3);
        out.material = 0;
      },
    };
    drawPart(scene, shard, anywhere(random, scene, random.uniform(1.5, 4)), lamp, clean(random));
  }
}

/** A cable across a corner or a strip of tape over the rim: never across the middle. */
function occlude(scene: Canvas, random: Random, lamp: Light): void {
  const side = Math.min(scene.width, scene.height);
  const cable = random.chance(0.5);
  const half = cable ? random.uniform(0.05, 0.08) : random.uniform(0.11, 0.17);
  const bend = random.uniform(-0.25, 0.25);
  const colour = random.pick([
    [0.03, 0.03, 0.03],
    [0.5, 0.05, 0.04],
    [0.6, 0.5, 0.05],
    [0.04, 0.1, 0.4],
  ] as const);
  const strip: Part = {
    materials: [cable ? matte(random, 'cable', colour, 0.4) : matte(random, 'tape', [0.62, 0.55, 0.4], 0.8)],
    surface(out) {
      const { x, y } = out;
      const across = cable ? y + bend * x * x : y;
      out.distance = cable ? Math.abs(across) - half : roundedBox(x, y, 0.75, half, 0.02);
      out.height = cable ? dome(across, half) : plate(out.distance, 0.02, 0.02);
      out.material = 0;
    },
  };
  const angle = random.uniform(0, 2 * Math.PI);
  const reach = side * random.uniform(0.33, 0.45);
  drawPart(
    scene,
    strip,
    {
      x: scene.width / 2 + Math.cos(angle) * reach,
      y: scene.height / 2 + Math.sin(angle) * reach,
      scale: side * 0.62,
      rotation: angle + Math.PI / 2 + 0.25 * random.normal(),
      squash: 1,
      tiltAxis: 0,
    },
    lamp,
    clean(random),
  );
}

function anywhere(random: Random, scene: Canvas, scale: number): Pose {
  return {
    x: random.uniform(0, scene.width),
    y: random.uniform(0, scene.height),
    scale,
    rotation: random.uniform(0, 2 * Math.PI),
    squash: 1,
    tiltAxis: 0,
  };
}

function clean(random: Random): { salt: number; brushing: number; rust: number } {
  return { salt: random.integer(1 << 20), brushing: 0.2, rust: 0 };
}

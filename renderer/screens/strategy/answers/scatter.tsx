import { places } from '../../../../rpc/contract/answer-words.ts';
import type { ComparedImage } from './pictures.ts';
import classes from './answers.module.css';

const [WIDTH, HEIGHT] = [620, 400];
const BOX = { left: 52, right: WIDTH - 14, top: 12, bottom: HEIGHT - 44 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const x = (value: number): number => BOX.left + value * (BOX.right - BOX.left);
const y = (value: number): number => BOX.bottom - value * (BOX.bottom - BOX.top);

interface ScatterProps {
  images: readonly ComparedImage[];
  /** From here on people, or the model, are split. */
  splitAt: number;
  onOpen: (at: number) => void;
}

/** The entropy of people against that of the model; a press on a point opens its image. */
export function Scatter({ images, splitAt, onOpen }: ScatterProps) {
  return (
    <svg
      className={classes.plot}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Entropy of people against entropy of the model, ${images.length} images; the figures beside it say the same.`}
    >
      <path className={classes.axis} d={`M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}`} />
      <path
        className={classes.split}
        d={`M${x(splitAt)} ${BOX.top}V${BOX.bottom}M${BOX.left} ${y(splitAt)}H${BOX.right}`}
      />
      {TICKS.map((value) => (
        <g key={value}>
          <text x={x(value)} y={BOX.bottom + 18} textAnchor="middle">
            {value}
          </text>
          <text x={BOX.left - 10} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      <text x={(BOX.left + BOX.right) / 2} y={HEIGHT - 8} textAnchor="middle">
        entropy of people
      </text>
      <text transform={`translate(12 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)`} textAnchor="middle">
        entropy of the model
      </text>
      {images.map(({ sha256, path, people, model }, at) => (
        <circle key={sha256} cx={x(people)} cy={y(model)} r={4.5} onClick={() => onOpen(at)}>
          <title>{`${path}: people ${places(people)}, model ${places(model)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

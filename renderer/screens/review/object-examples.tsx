import { useQuery } from '@tanstack/react-query';
import type { ObjectExample } from '../../../rpc/contract/objects.ts';
import { core, fileUrl } from '../../client.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import { useProject } from '../../project.tsx';
import classes from './rail.module.css';

interface ObjectExamplesProps {
  queue: number;
  position: number;
  /** Place among the item's objects. */
  object: number;
}

const SIDE = 72;
/** What is shown around an example, in shares of its size. */
const AROUND = 0.15;

/** The nearest real objects of the class that an object is said to be of, and of the one that it looks like. */
export function ObjectExamples({ queue, position, object }: ObjectExamplesProps) {
  const { folder, by } = useProject();
  const { data } = useQuery({
    queryKey: ['object-examples', folder, queue, by, position, object],
    queryFn: () => core.reviews.objectExamples({ project: folder, by, queue, position, object }),
    staleTime: 60_000,
  });
  const rows = [...(data?.given ?? []), ...(data?.looksLike ?? [])];
  if (rows.length === 0) return null;
  return (
    <>
      {[...Map.groupBy(rows, ({ label }) => label)].map(([label, examples]) => (
        <figure key={label} className={classes.objectExamples} aria-label={`Nearest real objects: ${label}`}>
          <figcaption>
            <MiddleText text={label} />
          </figcaption>
          <div className={classes.thumbs}>
            {examples.map((example) => (
              <Crop key={`${example.sha256} ${example.box.join(' ')}`} example={example} />
            ))}
          </div>
        </figure>
      ))}
    </>
  );
}

/** One object cut out of its picture, with its surroundings. */
function Crop({ example: { sha256, width, height, box, label, similarity } }: { example: ObjectExample }) {
  const { key } = useProject();
  const [x, y, w, h] = box;
  const side = Math.max(w, h) * (1 + 2 * AROUND);
  const name = `Real ${label}, similarity ${similarity.toFixed(2)}`;
  return (
    <svg
      role="img"
      aria-label={name}
      className={classes.crop}
      width={SIDE}
      height={SIDE}
      viewBox={`${x + w / 2 - side / 2} ${y + h / 2 - side / 2} ${side} ${side}`}
    >
      <title>{name}</title>
      <image href={fileUrl(key, 'image', sha256)} width={width} height={height} preserveAspectRatio="none" />
    </svg>
  );
}

import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { useProject } from '../../project.tsx';
import classes from './answer-bar.module.css';

const EXAMPLES = 3;

/** What a class looks like: real images of it, asked for when it is looked at. */
export function ClassExamples({ label, queue }: { label: string; queue: number }) {
  const { folder } = useProject();
  const { data } = useQuery({
    queryKey: ['class-examples', folder, queue, label],
    queryFn: () => core.reviews.classExamples({ project: folder, queue, label, count: EXAMPLES }),
    staleTime: 300_000,
  });
  return (
    <figure className={classes.classExamples} aria-label={`Real images of ${label}`}>
      <figcaption>
        <MiddleText text={label} />
      </figcaption>
      {data?.map((sha256) => (
        <Thumb key={sha256} sha256={sha256} alt={`Real ${label}`} size={96} />
      ))}
      {data?.length === 0 && <p>There is no real image of it.</p>}
    </figure>
  );
}

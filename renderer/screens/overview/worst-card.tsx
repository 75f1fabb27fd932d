import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ImageFilter, ImageSort } from '../../../rpc/contract/images.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { projectParams } from '../../parts/folder-address.ts';
import { Gallery } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import { useProject } from '../../project.tsx';
import classes from './overview-screen.module.css';

/** Reasons to look at an image, and the score that ranks by each. */
const REASONS = [
  { score: 'label-risk', title: 'The label is most likely wrong' },
  { score: 'damage-risk', title: 'The picture is most likely damaged' },
  { score: 'isolation', title: 'Least like any other image' },
] as const;
/** One row of the narrowest column. */
const SHOWN = 5;
const THUMB_PX = 56;
const FILTER: ImageFilter = { roles: ['synthetic'], decisions: ['none'] };

/** For each reason the images that it speaks against most, of those that nobody decided on. */
export function WorstCard({ run }: { run: number }) {
  return (
    <Card id="worst" title="Most suspect, not yet decided">
      <div className={classes.worst}>
        {REASONS.map((reason) => (
          <Worst key={reason.score} run={run} {...reason} />
        ))}
      </div>
    </Card>
  );
}

function Worst({ run, score, title }: { run: number; score: string; title: string }) {
  const { folder } = useProject();
  const sort: ImageSort = { by: score, order: 'descending' };
  const { data, isError } = useQuery({
    queryKey: ['worst', folder, run, score],
    queryFn: async () => {
      const { view } = await core.images.query({ project: folder, filter: FILTER, sort });
      const rows = await core.images.rows({ project: folder, view, offset: 0, limit: SHOWN });
      return rows.filter(({ value }) => value !== null);
    },
    // Decisions made since are to be gone.
    staleTime: 0,
  });
  return (
    <section aria-label={title}>
      <p className={classes.worstTitle}>
        {title}{' '}
        {data && data.length > 0 && (
          <Link
            to="/p/$folder/explore"
            params={projectParams(folder)}
            search={{ filter: FILTER, sort } as never}
          >
            All by rank
          </Link>
        )}
      </p>
      {isError || data?.length === 0 ? (
        <p className={page.hint}>
          {isError ? 'The newest run does not tell.' : 'Nothing is left: all that it tells of is decided.'}
        </p>
      ) : (
        <div className={classes.worstRow}>
          {data && (
            <Gallery
              title={title}
              size={THUMB_PX}
              pictures={data.map(({ sha256, path, label }) => ({
                sha256,
                path,
                caption: label === null ? path : `${label}: ${path}`,
              }))}
            />
          )}
        </div>
      )}
    </section>
  );
}

import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { errorCode } from '../../../rpc/errors.ts';
import { core } from '../../client.ts';
import { counted } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { EventDialog } from './event-dialog.tsx';
import { TrailFilters } from './trail-filters.tsx';
import { TrailRows } from './trail-rows.tsx';
import { trailSearch, utcOf, type TrailSearch } from './trail-search.ts';
import classes from './trail.module.css';

const PAGE = 100;
/** The whole life of one image stands on one page. */
const WHOLE_LIFE = 500;
const TYPING_MS = 300;

/** Everything that happened, newest first, down to the exact record. */
export default function TrailScreen() {
  const { folder, by } = useProject();
  const navigate = useNavigate();
  const search = trailSearch(useSearch({ strict: false }));
  const [open, setOpen] = useState<number | null>(null);
  const change = (part: Partial<TrailSearch>) =>
    void navigate({ to: '.', search: trailSearch({ ...search, ...part }) as never, replace: true });
  const [words] = useDebouncedValue(search.words, TYPING_MS);
  const asked = { ...search, words };
  const trail = useInfiniteQuery({
    queryKey: ['trail', folder, by, asked],
    queryFn: ({ pageParam, signal }) =>
      core.trail.query(
        {
          project: folder,
          by: by || 'unnamed',
          image: asked.image,
          actor: asked.actor,
          kinds: asked.kind === undefined ? undefined : [asked.kind],
          from: utcOf(asked.from, false),
          to: utcOf(asked.to, true),
          text: asked.words,
          before: pageParam,
          limit: asked.image === undefined ? PAGE : WHOLE_LIFE,
        },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const events = trail.data?.pages.flatMap((each) => each.events) ?? [];
  if (trail.isError && errorCode(trail.error) === 'NOT_READY')
    return <Empty title="Closed while you review" body={trail.error.message} />;
  return (
    <div className={page.page} data-page>
      <header className={page.spread}>
        <h1 className={page.title}>{search.image === undefined ? 'Trail' : 'The whole life of an image'}</h1>
        <p className={page.hint}>
          Each event carries the hash of the one before, so that a change to any of them shows.
        </p>
      </header>
      {search.image !== undefined && (
        <section className={`${page.card} ${classes.image}`}>
          <Thumb sha256={search.image} alt="The image" size={96} />
          <div>
            <p className={page.mono}>{search.image}</p>
            <div className={page.row}>
              <Link
                to="/p/$folder/explore"
                params={projectParams(folder)}
                search={{ image: search.image } as never}
              >
                In Explore
              </Link>
              <Button variant="default" size="compact-sm" onClick={() => change({ image: '' })}>
                The trail of everything
              </Button>
            </div>
          </div>
        </section>
      )}
      <section className={`${page.card} ${page.stack}`} aria-label="Events">
        <TrailFilters search={search} onChange={change} />
        {trail.isError && <Failure error={trail.error} retry={() => void trail.refetch()} />}
        {trail.isPending && <Loading label="Reading the trail" />}
        {trail.data && !trail.isError && (
          <>
            {events.length === 0 ? (
              <p className={page.hint}>No event matches.</p>
            ) : (
              <TrailRows events={events} onOpen={setOpen} />
            )}
            <div className={page.row}>
              {trail.hasNextPage && (
                <Button
                  variant="default"
                  loading={trail.isFetchingNextPage}
                  onClick={() => void trail.fetchNextPage()}
                >
                  Older
                </Button>
              )}
              <p className={page.hint} role="status">
                {counted(events.length, 'event')} shown{trail.hasNextPage ? '' : ', down to the first'}.
              </p>
            </div>
          </>
        )}
      </section>
      {open !== null && <EventDialog seq={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

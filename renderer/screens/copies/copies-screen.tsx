import { VisuallyHidden } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { PairFilter } from '../../../rpc/contract/copies.ts';
import {
  CERTAINTY_WORDS,
  FINDING_WORDS,
  ImageHash,
  PAIR_CERTAINTIES,
  ROLE_WORDS,
  ROLES,
  RULES,
  type PairCertainty,
  type Role,
} from '../../../rpc/contract/terms.ts';
import { counted, integer } from '../../parts/format.ts';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { JudgePair } from './judge-pair.tsx';
import { useCopies } from './use-copies.ts';
import classes from './copies.module.css';

const OF_WORDS: Record<Role, string> = {
  holdout: 'hold-out images',
  real: 'real images',
  synthetic: 'synthetic images',
};

/** What a link to the screen may ask for; anything else is ignored. */
function askedOf(search: Record<string, unknown>): PairFilter {
  const one = <T extends string>(value: unknown, of: readonly T[]): T[] =>
    of.filter((each) => each === value);
  return {
    certainties: one(search['certainty'], PAIR_CERTAINTIES),
    rules: one(search['rule'], RULES),
    of: one(search['of'], ROLES),
    roles: one(search['role'], ROLES),
    ...(search['accepted'] === true && { accepted: true }),
    ...(ImageHash.safeParse(search['image']).success && { image: search['image'] as string }),
  };
}

/** Pairs of images of which one may be a copy of the other, by how sure that is: a person says which are. */
export default function CopiesScreen() {
  const asked = askedOf(useSearch({ strict: false }));
  // Another link begins anew.
  return <Pairs key={JSON.stringify(asked)} first={asked} />;
}

function Pairs({ first }: { first: PairFilter }) {
  const [asked, setAsked] = useState(first);
  // Of one image everything is of interest.
  const [showsJudged, setShowsJudged] = useState(first.image !== undefined);
  const copies = useCopies({ ...asked, ...(!showsJudged && { answers: ['open'] }) });
  const { list, current } = copies;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Loading label="Loading the pairs" />;
  const { counts } = list.data;
  const countOf = (certainty: PairCertainty): number => {
    const { open, copy, 'not-a-copy': none } = counts[certainty];
    return showsJudged ? open + copy + none : open;
  };
  const [certainty] = asked.certainties ?? [];
  // What only a link asks for; it can be let go, not set here.
  const narrowed = [
    ...(asked.image ? ['one image'] : []),
    ...(asked.accepted ? ['accepted and left out'] : []),
    ...(asked.roles ?? []).map((role) => `${ROLE_WORDS[role].adjective} images`),
    ...(asked.rules ?? []).map((rule) => FINDING_WORDS[rule].plural),
  ].join(', ');
  const choices: { id: PairCertainty | null; title: string; count: number }[] = [
    { id: null, title: 'All', count: PAIR_CERTAINTIES.reduce((sum, each) => sum + countOf(each), 0) },
    ...PAIR_CERTAINTIES.map((each) => ({
      id: each,
      title: CERTAINTY_WORDS[each].title,
      count: countOf(each),
    })),
  ];
  return (
    <div className={classes.screen}>
      <VisuallyHidden component="h1">Copies</VisuallyHidden>
      <div className={classes.head} role="toolbar" aria-label="Which pairs">
        {choices.map(({ id, title, count }) => (
          <button
            key={title}
            type="button"
            className={classes.choice}
            title={id === null ? undefined : CERTAINTY_WORDS[id].meaning}
            aria-pressed={(certainty ?? null) === id}
            onClick={() => setAsked({ ...asked, certainties: id === null ? [] : [id] })}
          >
            {title} <span>{integer(count)}</span>
          </button>
        ))}
        <span className={classes.bytes} title={CERTAINTY_WORDS['same-bytes'].meaning}>
          Same bytes: {counted(counts['same-bytes'].open, 'file')}, nothing to judge
        </span>
        {narrowed !== '' && (
          <button
            type="button"
            className={classes.choice}
            onClick={() => setAsked({ certainties: asked.certainties, of: asked.of })}
          >
            Only {narrowed} ×
          </button>
        )}
        <div className={classes.choices}>
          <label>
            Copies of{' '}
            <select
              className={classes.select}
              value={asked.of?.[0] ?? ''}
              onChange={(event) =>
                setAsked({ ...asked, of: ROLES.filter((role) => role === event.currentTarget.value) })
              }
            >
              <option value="">any image</option>
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {OF_WORDS[role]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <input
              type="checkbox"
              checked={showsJudged}
              onChange={(event) => setShowsJudged(event.currentTarget.checked)}
            />{' '}
            Judged ones too
          </label>
        </div>
      </div>
      {current ? (
        <JudgePair copies={copies} pair={current} />
      ) : (
        <NoPair copies={copies} isAnything={choices[0]!.count > 0} showsJudged={showsJudged} />
      )}
    </div>
  );
}

interface NoPairProps {
  copies: ReturnType<typeof useCopies>;
  /** There are pairs, but none that pass the filter. */
  isAnything: boolean;
  showsJudged: boolean;
}

/** The end of the list is a place like any other: the last answer can be taken back here too. */
function NoPair({ copies, isAnything, showsJudged }: NoPairProps) {
  const keyLabel = useKeyLabel();
  useKeys({ actions: { undo: copies.undo } });
  return (
    <Empty
      title={isAnything ? 'No such pair' : showsJudged ? 'No copies were found' : 'Nothing to judge'}
      body={
        isAnything
          ? 'Other pairs are there: choose All above.'
          : 'When a project is scored, images that show the same as another one appear here, and shots that lie close to a real or hold-out image. Files with the same bytes are one image, so there is nothing to judge.'
      }
      action={
        <>
          {copies.failure && <Failure error={copies.failure} retry={copies.retry} />}
          {copies.words && <p role="status">{copies.words}</p>}
          {copies.canUndo ? (
            <button type="button" className={classes.button} onClick={copies.undo}>
              Undo your last answer ({keyLabel('undo')})
            </button>
          ) : (
            <Link to="/p/$folder/overview" from="/p/$folder">
              To the overview
            </Link>
          )}
        </>
      }
    />
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CopyPair, PairFilter } from '../../../rpc/contract/copies.ts';
import { COPY_ANSWER_WORDS, type CopyAnswer } from '../../../rpc/contract/terms.ts';
import { core } from '../../client.ts';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';

/** More are listed once these are judged. */
const MOST_LISTED = 500;

/** What names a pair within a run. */
export const idOf = ({ image, other }: Pick<CopyPair, 'image' | 'other'>): string =>
  `${image.sha256} ${other.sha256}`;

interface Said {
  pair: CopyPair;
  answer: CopyAnswer | 'withdrawn';
}

/** The pairs that pass a filter, the one that is judged, and the judging itself. */
export function useCopies(filter: PairFilter) {
  const { folder } = useProject();
  const askName = useAskName();
  const client = useQueryClient();
  const [wanted, setWanted] = useState<string | null>(null);
  const [words, setWords] = useState<string | null>(null);
  /** What was answered here, the newest last: undo takes it back. */
  const [said, setSaid] = useState<CopyPair[]>([]);
  const list = useQuery({
    queryKey: ['copies', folder, filter],
    queryFn: () => core.copies.list({ project: folder, filter, limit: MOST_LISTED }),
    placeholderData: (before) => before,
  });
  const pairs = list.data?.pairs ?? [];
  const at = Math.max(
    pairs.findIndex((pair) => idOf(pair) === wanted),
    0,
  );
  const current = pairs[at] ?? null;

  const record = useMutation({
    mutationFn: async ({ pair, answer }: Said) => {
      const by = await askName();
      if (by === null) return null;
      const answers = [{ image: pair.image.sha256, other: pair.other.sha256, answer }];
      return core.copies.answer({ project: folder, by, answers });
    },
    onSuccess: async (result, { pair, answer }) => {
      if (!result) return;
      const id = idOf(pair);
      const isUndo = said.at(-1) === pair;
      setSaid((before) => (isUndo ? before.slice(0, -1) : [...before, pair]));
      if (isUndo) setWanted(id);
      else {
        // The list is asked for again without this one: what comes next is named before it is gone.
        const judged = pairs.findIndex((each) => idOf(each) === id);
        const next = pairs[judged + 1] ?? pairs[judged - 1];
        setWanted(next ? idOf(next) : null);
      }
      setWords(
        isUndo
          ? `Undone: ${pair.image.path} is open again, or as it was.`
          : answer === 'withdrawn'
            ? 'Taken back.'
            : `${COPY_ANSWER_WORDS[answer].title}: ${pair.image.path}. Saved.`,
      );
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'project' });
    },
  });
  const say = (pair: CopyPair, answer: Said['answer']) => {
    if (!record.isPending) record.mutate({ pair, answer });
  };

  return {
    list,
    pairs,
    total: list.data?.total ?? 0,
    at,
    current,
    words,
    isSaving: record.isPending,
    canUndo: said.length > 0,
    go: (to: number) => {
      const pair = pairs[to];
      if (pair) setWanted(idOf(pair));
    },
    answer: (answer: CopyAnswer) => current && say(current, answer),
    /** Takes back what was answered here last, else what holds for the pair that is shown. */
    undo: () => {
      const last = said.at(-1);
      if (last) say(last, last.answer?.answer ?? 'withdrawn');
      else if (current?.answer) say(current, 'withdrawn');
      else setWords('Nothing to undo here.');
    },
    failure: record.error,
    retry: () => record.variables && record.mutate(record.variables),
  };
}

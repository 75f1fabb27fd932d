import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Conflict } from '../../../rpc/contract/reviews.ts';
import { core } from '../../client.ts';
import { useProject } from '../../project.tsx';
import { answerWords, inSentence, type Answer } from '../review/answers.ts';

const NONE: Conflict[] = [];

/** The conflicts of a queue, the one before the judge, and the judging itself. */
export function useConflicts(queue: number | null, kind: 'conflict' | 'question', isOpenOnly: boolean) {
  const { folder, by } = useProject();
  const client = useQueryClient();
  const [wanted, setWanted] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const list = useQuery({
    queryKey: ['conflicts', folder, by, queue, kind, isOpenOnly],
    queryFn: () =>
      core.reviews.conflicts({ project: folder, by: by || 'unnamed', queue, kind, open: isOpenOnly }),
    enabled: queue !== null,
  });
  const conflicts = list.data ?? NONE;
  const at = Math.max(
    conflicts.findIndex(({ sha256 }) => sha256 === wanted),
    0,
  );
  const current = conflicts[at] ?? null;

  const changed = () =>
    Promise.all(
      ['conflicts', 'queues', 'agreement', 'status'].map((name) =>
        client.invalidateQueries({ queryKey: [name, folder] }),
      ),
    );
  const judge = useMutation({
    mutationFn: ({ conflict, answer }: { conflict: Conflict; answer: Answer }) =>
      core.reviews.decide({
        project: folder,
        by,
        context: { kind: 'conflict', queue: conflict.queue },
        decisions: [{ ...answer, sha256: conflict.sha256 }],
      }),
    onSuccess: async (_, { conflict: { sha256 }, answer }) => {
      // The list is asked for again without this one: what comes next is named before it is gone.
      const judged = conflicts.findIndex((conflict) => conflict.sha256 === sha256);
      setWanted(conflicts[judged + 1]?.sha256 ?? conflicts[judged - 1]?.sha256 ?? null);
      setSaid(`${answerWords(answer)}, saved.`);
      await changed();
    },
  });
  const undo = useMutation({
    mutationFn: () => core.reviews.undo({ project: folder, by }),
    onSuccess: async ({ sha256, purpose, queue: from, was }) => {
      setWanted(sha256);
      const where =
        purpose === 'adjudication' && from === queue
          ? ''
          : `, ${from === null ? 'decided outside the queues' : `in ${purpose === 'adjudication' ? 'another' : 'the review of'} queue ${from}`}`;
      setSaid(`Undone: ${inSentence(answerWords(was))}${where}. It was about image ${sha256.slice(0, 8)}.`);
      await changed();
    },
  });

  return {
    list,
    conflicts,
    at,
    current,
    said,
    go: (to: number) => setWanted(conflicts[to]?.sha256 ?? wanted),
    judge: (conflict: Conflict, answer: Answer) => {
      if (!judge.isPending) judge.mutate({ conflict, answer });
    },
    isSaving: judge.isPending,
    undo: () => {
      if (!undo.isPending) undo.mutate();
    },
    failure: judge.error ?? undo.error,
    retry: () => (judge.error && judge.variables ? judge.mutate(judge.variables) : undo.mutate()),
  };
}

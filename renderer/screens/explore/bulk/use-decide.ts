import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { BulkAnswer } from '../../../../rpc/contract/reviews.ts';
import type { ImageRow } from '../../../../rpc/contract/images.ts';
import { VERDICT_WORDS } from '../../../../rpc/contract/terms.ts';
import { runTask } from '../../../../rpc/run-task.ts';
import { core } from '../../../client.ts';
import { announce } from '../../../parts/announce.tsx';
import { counted } from '../../../parts/format.ts';
import { useAskName } from '../../../shell/name.tsx';
import type { RowPages } from '../grid/row-pages.ts';
import { VIEW_KEY } from '../use-view.ts';

/** What is being decided: all images of a view, or those with these hashes. */
type BulkTarget =
  | { isWholeView: true; view: string; count: number }
  | { isWholeView: false; hashes: readonly string[] };

export type SaveState =
  | { state: 'idle' }
  | { state: 'saving'; words: string }
  | { state: 'saved'; words: string; canUndo: boolean }
  | { state: 'failed'; words: string; error: unknown };

/** Records decisions of many images in one act, takes the newest act back, and says what is saved. */
export function useDecide(project: string, pages: RowPages, isFilteredByDecision: boolean) {
  const askName = useAskName();
  const client = useQueryClient();
  const [save, setSave] = useState<SaveState>({ state: 'idle' });
  const isBusy = useRef(false);

  const run = useCallback(
    async (
      words: string,
      failure: string,
      act: (by: string) => Promise<{ words: string; canUndo: boolean }>,
    ) => {
      const by = await askName();
      if (by === null || isBusy.current) return;
      isBusy.current = true;
      setSave({ state: 'saving', words });
      try {
        const done = await act(by);
        setSave({ state: 'saved', ...done });
        announce(`${done.words}. Saved.`);
        // The grid keeps what is on the screen until the core's own rows are there.
        void pages.refresh();
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] !== VIEW_KEY || isFilteredByDecision,
        });
      } catch (error) {
        setSave({ state: 'failed', words: failure, error });
      } finally {
        isBusy.current = false;
      }
    },
    [askName, client, pages, isFilteredByDecision],
  );

  const decide = useCallback(
    (target: BulkTarget, answer: BulkAnswer) => {
      const count = target.isWholeView ? target.count : target.hashes.length;
      const what = `${counted(count, 'image')} ${VERDICT_WORDS[answer.verdict].title.toLowerCase()}${answer.label ? ` to ${answer.label}` : ''}`;
      return run(`Saving ${counted(count, 'decision')}`, 'Not saved', async (by) => {
        let passedOver = '';
        if (target.isWholeView) {
          const { keptOut = 0 } = await runTask(core, 'decide-view', {
            project,
            by,
            view: target.view,
            expected: count,
            ...answer,
          });
          if (keptOut > 0)
            passedOver = `, but for ${counted(keptOut, 'image')} that releases leave out as copies: see Copies`;
        } else {
          const decisions = target.hashes.map((sha256) => ({ sha256, ...answer }));
          await core.reviews.decide({ project, by, context: { kind: 'explore' }, decisions });
          pages.patch(new Set(target.hashes), patchOf(answer));
        }
        return { words: `${what}${passedOver}`, canUndo: true };
      });
    },
    [project, pages, run],
  );

  const undo = useCallback(
    () =>
      run('Undoing', 'Nothing was undone', async (by) => {
        const { applied } = await core.reviews.undo({ project, by });
        return { words: `Undid ${counted(applied, 'decision')}`, canUndo: false };
      }),
    [project, run],
  );

  const dismiss = useCallback(() => setSave({ state: 'idle' }), []);
  return { save, decide, undo, dismiss };
}

function patchOf({ verdict, label }: BulkAnswer): Partial<ImageRow> {
  return label === undefined ? { verdict } : { verdict, label };
}

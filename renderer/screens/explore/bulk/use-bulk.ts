import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { BulkAnswer } from '../../../../rpc/contract/reviews.ts';
import type { ImageFilter, ImageRow } from '../../../../rpc/contract/images.ts';
import { VERDICT_WORDS } from '../../../../rpc/contract/terms.ts';
import { runTask } from '../../../../rpc/run-task.ts';
import { core } from '../../../client.ts';
import { announce } from '../../../parts/announce.tsx';
import { counted } from '../../../parts/format.ts';
import { useAskName } from '../../../shell/name.tsx';
import type { RowPages } from '../grid/row-pages.ts';
import { VIEW_KEY } from '../use-view.ts';

/** What is done to the images: a decision on each, or a tag put on or taken off. */
export type BulkAct = BulkAnswer | Tagging;
export interface Tagging {
  tag: string;
  off: boolean;
}

export const isTagging = (act: BulkAct): act is Tagging => 'tag' in act;

/** What it is done to: all images of a view, or those with these hashes. */
export type BulkTarget =
  | { isWholeView: true; view: string; count: number }
  | { isWholeView: false; hashes: readonly string[] };

export type SaveState =
  | { state: 'idle' }
  | { state: 'saving'; words: string }
  | { state: 'saved'; words: string; canUndo: boolean }
  | { state: 'failed'; words: string; error: unknown };

/** Whether an act can change which images a filter lets through. */
const isAbout = ({ decisions, reviewers, tags }: ImageFilter, act: 'decide' | 'tag'): boolean =>
  act === 'tag' ? Boolean(tags?.length) : Boolean(decisions?.length) || Boolean(reviewers?.length);

/** Decides on many images in one act, tags, takes the newest act back, and says what is saved. */
export function useBulk(project: string, pages: RowPages, filter: ImageFilter) {
  const askName = useAskName();
  const client = useQueryClient();
  const [save, setSave] = useState<SaveState>({ state: 'idle' });
  const isBusy = useRef(false);
  /** The event of the newest act, where it was tagging: undo takes that one back. */
  const tagged = useRef<number | null>(null);

  const run = useCallback(
    async (
      kind: 'decide' | 'tag',
      words: string,
      failure: string,
      act: (by: string) => Promise<{ words: string; canUndo: boolean; tagged?: number | null }>,
    ) => {
      const by = await askName();
      if (by === null || isBusy.current) return;
      isBusy.current = true;
      setSave({ state: 'saving', words });
      try {
        const done = await act(by);
        tagged.current = done.tagged ?? null;
        setSave({ state: 'saved', words: done.words, canUndo: done.canUndo });
        announce(`${done.words}. Saved.`);
        // The grid keeps what is on the screen until the core's own rows are there.
        void pages.refresh();
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] !== VIEW_KEY || isAbout(filter, kind),
        });
      } catch (error) {
        setSave({ state: 'failed', words: failure, error });
      } finally {
        isBusy.current = false;
      }
    },
    [askName, client, pages, filter],
  );

  const decide = useCallback(
    (target: BulkTarget, answer: BulkAnswer) => {
      const count = target.isWholeView ? target.count : target.hashes.length;
      const what = `${counted(count, 'image')} ${VERDICT_WORDS[answer.verdict].title.toLowerCase()}${answer.label ? ` to ${answer.label}` : ''}`;
      return run('decide', `Saving ${counted(count, 'decision')}`, 'Not saved', async (by) => {
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

  const tag = useCallback(
    (target: BulkTarget, { tag: name, off }: Tagging) => {
      const words = off ? `Taking off “${name}”` : `Tagging “${name}”`;
      return run('tag', words, 'Not saved', async (by) => {
        const act = { project, by, tag: name, off };
        const {
          tag: known,
          applied,
          seq,
        } = target.isWholeView
          ? await runTask(core, 'tag-view', { ...act, view: target.view, expected: target.count })
          : await core.tags.set({ ...act, images: [...target.hashes] });
        const what =
          applied === 0 ? 'no image changed' : `${counted(applied, 'image')}${off ? ' fewer' : ''}`;
        return {
          words: `“${known}”: ${what}`,
          canUndo: applied > 0,
          tagged: applied > 0 ? seq : tagged.current,
        };
      });
    },
    [project, run],
  );

  const undo = useCallback(() => {
    const seq = tagged.current;
    if (seq === null)
      return run('decide', 'Undoing', 'Nothing was undone', async (by) => {
        const { applied } = await core.reviews.undo({ project, by });
        return { words: `Undid ${counted(applied, 'decision')}`, canUndo: false };
      });
    return run('tag', 'Undoing', 'Nothing was undone', async (by) => {
      const { tag: name, applied } = await core.tags.undo({ project, by, seq });
      return { words: `Undid “${name}” on ${counted(applied, 'image')}`, canUndo: false };
    });
  }, [project, run]);

  const dismiss = useCallback(() => setSave({ state: 'idle' }), []);
  return { save, decide, tag, undo, dismiss };
}

function patchOf({ verdict, label }: BulkAnswer): Partial<ImageRow> {
  return label === undefined ? { verdict } : { verdict, label };
}

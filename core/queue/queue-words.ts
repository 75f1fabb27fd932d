import type { Store } from '../../db/store.ts';
import type { Assignee, QueueWords, QueueWordsChange } from '../../rpc/contract/queue.ts';
import { AssayError } from '../../rpc/errors.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';

/** Inline images of Markdown, and where they come from. */
const IMAGE = /(!\[[^\]]*\]\(\s*<?)([^)\s>]*)/g;
const EMBEDDED = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/;
const OF_PROJECT = /^image:([0-9a-f]{8,64})$/;

/** What people are told of a queue, with its instructions. Throws `NOT_FOUND`. */
export function queueWords({ store }: Project, queue: number): QueueWords {
  const row = store.queue.byId(queue);
  if (!row) throw new AssayError('NOT_FOUND', `There is no queue ${queue} in this project.`);
  return {
    name: row.name,
    due: row.due,
    assignees: JSON.parse(row.assignees) as Assignee[],
    instructions: store.queue.instructions(queue),
  };
}

/**
 * Sets what is given and keeps the rest; recorded only where it changes anything. Empty texts are none. Throws `NOT_FOUND`
 * for an unknown queue, and `USAGE` for an assignee named twice or an image of the instructions that would be loaded from
 * elsewhere.
 */
export function describeQueue(
  project: WritableProject,
  by: string,
  queue: number,
  change: QueueWordsChange,
): QueueWords {
  const { store } = project;
  const before = queueWords(project, queue);
  const {
    name = before.name,
    due = before.due,
    assignees = before.assignees,
    instructions = before.instructions,
  } = change;
  const words: QueueWords = {
    name: name?.trim() || null,
    due,
    assignees,
    instructions: instructions?.trim() ? withImages(store, instructions) : null,
  };
  const seen = new Set<string>();
  for (const { reviewer } of words.assignees) {
    if (seen.has(reviewer.toLowerCase()))
      throw new AssayError('USAGE', `${reviewer} is assigned twice. Nothing was changed.`);
    seen.add(reviewer.toLowerCase());
  }
  if (JSON.stringify(words) === JSON.stringify(before)) return before;
  record(store, by, 'queue.described', {
    queue,
    name: words.name ?? undefined,
    due: words.due ?? undefined,
    assignees: words.assignees.map(({ reviewer, answers }) => ({ reviewer, answers: answers ?? undefined })),
    instructions: words.instructions ?? undefined,
  });
  return words;
}

/** The text with the whole hash of every image of the project that it shows. */
function withImages(store: Store, markdown: string): string {
  return markdown.replaceAll(IMAGE, (_, start: string, source: string) => {
    if (EMBEDDED.test(source)) return `${start}${source}`;
    const [, hash] = OF_PROJECT.exec(source) ?? [];
    const [image, another] = hash === undefined ? [] : store.images.startingWith(hash);
    if (image && !another) return `${start}image:${image.sha256}`;
    throw new AssayError(
      'USAGE',
      hash === undefined
        ? `The instructions show ${source === '' ? 'an image without an address' : `"${source.slice(0, 80)}"`}. They can show images of this project, as image:<hash>, and embedded ones, as data:image/png;base64,… Nothing was changed.`
        : `The instructions show ${source}, which is ${image ? 'the start of more than one image of' : 'no image of'} this project. Nothing was changed.`,
    );
  });
}

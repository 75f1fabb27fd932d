import type { Assignee, QueueWords } from '../../rpc/contract/queue.ts';

/** What people are told of a queue, as it is typed. */
export interface WordsDraft {
  name: string;
  due: string;
  /** A line for each assignee, with the number of answers asked of them after a colon: `Ada Lovelace: 200`. */
  people: string;
  instructions: string;
}

export const NO_WORDS: WordsDraft = { name: '', due: '', people: '', instructions: '' };

export const draftOf = ({ name, due, assignees, instructions }: QueueWords): WordsDraft => ({
  name: name ?? '',
  due: due ?? '',
  people: assignees
    .map(({ reviewer, answers }) => (answers === null ? reviewer : `${reviewer}: ${answers}`))
    .join('\n'),
  instructions: instructions ?? '',
});

function assigneeOf(line: string): Assignee {
  const [, reviewer, answers] = /^(.*?)\s*:\s*([1-9]\d*)$/.exec(line) ?? [];
  return reviewer ? { reviewer, answers: Number(answers) } : { reviewer: line, answers: null };
}

export const wordsOf = ({ name, due, people, instructions }: WordsDraft): QueueWords => ({
  name: name.trim() || null,
  due: due || null,
  assignees: people
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map(assigneeOf),
  instructions: instructions.trim() === '' ? null : instructions,
});

import { collectAnswers } from '../../handout/collect.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'collect',
  mode: 'write',
  exclusive: 'project',
  title: ({ files }) => `Collecting ${counted(files.length, 'file')}`,
  run: ({ inThread }) => inThread(),
  work: async ({ project }, input) => collectAnswers(project, input),
  outcome: ({ files }) => {
    const sum = (of: (file: (typeof files)[number]) => number): number =>
      files.reduce((all, file) => all + of(file), 0);
    const refused = sum(({ refused: reason }) => (reason === null ? 0 : 1));
    return `${counted(
      sum(({ taken }) => taken),
      'answer',
    )} taken, ${sum(({ left }) => left.length)} left, ${counted(refused, 'file')} refused.`;
  },
  notes: ({ files }) =>
    files.flatMap(({ file, refused }) => (refused === null ? [] : [`${file}: ${refused}`])),
  isSound: ({ files }) => files.every(({ refused }) => refused === null),
});

import { computeLayout } from '../../explore/maps/layout.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'layout',
  mode: 'read',
  exclusive: 'kind',
  title: ({ layout }) => `Drawing the ${layout.toUpperCase()} map`,
  run: ({ project, ...task }, { layout, seed }) => computeLayout(project, layout, seed, task),
  outcome: ({ points, durationMs }) => `${counted(points, 'point')} in ${(durationMs / 1000).toFixed(1)} s.`,
});

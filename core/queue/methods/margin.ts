import { topTwo } from '../../base/numeric/entropy.ts';
import { defineSelection } from './define.ts';
import { mostUncertain } from './uncertain.ts';

export default defineSelection({
  id: 'margin',
  title: 'How close the two likeliest classes are',
  meaning:
    'takes what the model can least decide between two classes; finds few wrong labels, and may repeat itself',
  source: 'Scheffer et al. 2001',
  needs: ['probabilities'],
  select: (task) =>
    mostUncertain(task, 'margin', (probabilities, start, classes) => {
      const [first, second] = topTwo(probabilities, start, classes);
      return second - first;
    }),
});

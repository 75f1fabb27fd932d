import { entropy } from '../../base/numeric/entropy.ts';
import { defineSelection } from './define.ts';
import { mostUncertain } from './uncertain.ts';

export default defineSelection({
  id: 'entropy',
  title: 'How undecided the model is',
  meaning:
    'takes what the model is least sure of; at a 10 % budget it finds about a third of the wrong labels that the default policy finds',
  source: 'Shannon 1948; Settles 2009',
  needs: ['probabilities'],
  select: (task) => mostUncertain(task, 'entropy', entropy),
});

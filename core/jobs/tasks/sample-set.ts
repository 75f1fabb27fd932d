import { renderSample } from '../../../sample/render-sample.ts';
import { renderStreet } from '../../../sample/street/render-street.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'sample-set',
  mode: 'none',
  exclusive: 'none',
  title: () => 'Rendering the sample set',
  run: ({ signal, progress }, { to, seed, synthetic, objects }) =>
    objects
      ? renderStreet({ folder: to, seed, synthetic, signal, progress })
      : renderSample({
          folder: to,
          seed,
          size: synthetic === null ? 'small' : { synthetic },
          signal,
          progress,
        }),
  outcome: ({ folder, real, holdout, synthetic }) =>
    `${real} real, ${holdout} hold-out and ${synthetic} synthetic images in ${folder}.`,
});

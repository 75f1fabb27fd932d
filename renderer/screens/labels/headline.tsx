import type { LabelReport } from '../../../rpc/contract/scores.ts';
import type { Role } from '../../../rpc/contract/terms.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './labels.module.css';

const WHOSE: Record<Role, string> = {
  real: 'the real images',
  holdout: 'the hold-out images',
  synthetic: 'the synthetic images',
};

/** The estimate in a sentence, and what it cannot know. */
export function Headline({ report: { role, wrongShare, images, of } }: { report: LabelReport }) {
  return (
    <section className={page.card} aria-label="Estimate">
      <p className={classes.headline}>
        About <b>{percent(wrongShare)}</b> of the labels of {WHOSE[role]} look wrong
        {wrongShare > 0 && `: some ${integer(Math.max(1, Math.round(wrongShare * of)))} of ${integer(of)}`}.
      </p>
      <p className={page.hint}>
        An estimate by confident learning from the model’s probabilities, not a count: too high where the
        model is weak, and blind to mistakes that the real images share. A random audit is the proof.
        {of > images && ` Made from a random sample of ${counted(images, 'image')}.`}
      </p>
    </section>
  );
}

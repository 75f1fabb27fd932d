import type { Example, ReviewItem } from '../../../rpc/contract/reviews.ts';
import bits from '../../parts/bits.module.css';
import classes from './stage.module.css';

interface CompareProps {
  item: ReviewItem;
  urlOf: (sha256: string) => string;
}

/** The nearest real image of the given and of the predicted class, as large as the item beside them. */
export function Compare({ item: { examples, hidden }, urlOf }: CompareProps) {
  const given = examples.given[0];
  const predicted = examples.predicted.find(({ label }) => label !== given?.label);
  if (!given && !predicted)
    return (
      <p className={classes.noExample}>
        {hidden
          ? 'Similar real images are hidden until you answer: they would tell which class is meant.'
          : 'There is no real image of the given or the predicted class to compare with.'}
      </p>
    );
  return (
    <div className={classes.panes}>
      {given && <Pane title="Given" example={given} urlOf={urlOf} />}
      {predicted && <Pane title="Model" example={predicted} urlOf={urlOf} />}
    </div>
  );
}

function Pane({ title, example, urlOf }: { title: string; example: Example; urlOf: CompareProps['urlOf'] }) {
  return (
    <figure className={classes.pane}>
      <img className={bits.picture} src={urlOf(example.sha256)} alt={`Nearest real ${example.label}`} />
      <figcaption>
        {title}: real <b>{example.label}</b>, similarity {example.similarity.toFixed(2)}
      </figcaption>
    </figure>
  );
}

import type { WatchReport } from '../../../../rpc/contract/watch.ts';
import { Card } from '../../../parts/card.tsx';
import { integer, percent } from '../../../parts/format.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import page from '../../../parts/page.module.css';
import classes from './watch.module.css';

const SIZE = 64;

/** What the newest batch no longer shows, beside what it has too much of. */
export function Vanishing({ newest }: { newest: NonNullable<WatchReport['newest']> }) {
  const { batch, vanishing, frequent } = newest;
  const { images, rare, of, shown } = vanishing;
  return (
    <div className={page.columns}>
      <Card id="vanishing" title="What is vanishing" isStack>
        <p className={page.hint}>
          {images === 0
            ? `Every real image that had a generated one near has one in ${batch} too.`
            : `${integer(images)} of ${integer(of)} real images have no image of ${batch} near any more, ${integer(rare)} of them of rare kinds, which stand first.`}
        </p>
        <Gallery
          title="What is vanishing"
          pictures={shown.map(({ sha256, path, label, isRare }) => ({
            sha256,
            path,
            caption: `${label ?? 'No label'}${isRare ? ', of a rare kind' : ''}: no image of ${batch} is near.`,
          }))}
          size={SIZE}
        />
      </Card>
      <Card id="frequent" title="What became frequent" isStack>
        <p className={page.hint}>
          {frequent.length === 0
            ? `${batch} has no kind of image more often than chance explains.`
            : `Kinds that ${batch} has more often than the real images do, beyond chance.`}
        </p>
        <ul className={classes.kinds}>
          {frequent.map(({ label, real, generated, examples }) => (
            <li key={examples[0]?.sha256}>
              <Gallery title={`Kind of ${label ?? 'unlabelled image'}`} pictures={examples} size={SIZE} />
              <p className={page.hint}>
                <b>{label ?? 'no label'}</b>: {percent(generated)} of the batch, {percent(real)} of the real
                images
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

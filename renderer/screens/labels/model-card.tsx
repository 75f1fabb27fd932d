import { SegmentedControl } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  calibrationSentence,
  qualitySentence,
  weakClasses,
  weakSentence,
  type ModelQuality,
} from '../../../rpc/contract/label-model.ts';
import { ROLE_WORDS } from '../../../rpc/contract/terms.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { integer, percent } from '../../parts/format.ts';
import { Gallery } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { useProject } from '../../project.tsx';
import { useSeeImages } from './use-see-images.ts';
import classes from './model-card.module.css';

/** How good the label model is: everything else on the screen rests on it. */
export function ModelCard() {
  const { folder } = useProject();
  const [role, setRole] = useState<string | null>(null);
  const model = useQuery({
    queryKey: ['label-model', folder],
    queryFn: () => core.scores.labelModel({ project: folder }),
  });
  if (model.isPending) return <Loading label="Loading what the label model knows" />;
  if (model.isError) return <Failure error={model.error} retry={() => void model.refetch()} />;
  const shown = model.data.find((quality) => quality.role === role) ?? model.data[0];
  return (
    <Card id="model" title="How good is the label model?">
      {shown ? (
        <>
          {model.data.length > 1 && (
            <SegmentedControl
              aria-label="Measured on"
              size="xs"
              mb="sm"
              value={shown.role}
              onChange={setRole}
              data={model.data.map((quality) => ({
                value: quality.role,
                label: ROLE_WORDS[quality.role].title,
              }))}
            />
          )}
          <Quality key={shown.role} quality={shown} />
        </>
      ) : (
        <p className={page.hint}>
          Not known: import real or hold-out images with labels, and score them, to see how far it can be
          trusted.
        </p>
      )}
    </Card>
  );
}

/** Before everything is asked for: the worst classes. */
const FIRST_ROWS = 8;

function Quality({ quality }: { quality: ModelQuality }) {
  const [isWhole, setWhole] = useState(false);
  const calibration = calibrationSentence(quality);
  const weak = weakClasses(quality);
  const rows = quality.classes.toSorted(
    (a, b) => a.right / a.images - b.right / b.images || a.name.localeCompare(b.name),
  );
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <div className={classes.sides}>
      <div className={classes.words}>
        <p className={classes.headline}>{qualitySentence(quality)}</p>
        {calibration !== null && <p className={page.hint}>{calibration}</p>}
        {weak.slice(0, FIRST_ROWS).map((one) => (
          <p key={one.name} className={page.problem} role="status">
            {weakSentence(one)}
          </p>
        ))}
        {quality.calibration && <Calibration calibration={quality.calibration} />}
      </div>
      <div className={classes.table}>
        <table className={page.table}>
          <caption>
            {shown.length < rows.length
              ? `The ${shown.length} classes that it knows least of ${integer(rows.length)}`
              : 'Class by class, the least known first'}
          </caption>
          <TableHead
            columns={['Class', figures('Right'), figures('Share'), 'Most often taken for', 'For instance']}
          />
          <tbody>
            {shown.map((one) => (
              <ClassRow key={one.name} role={quality.role} one={one} />
            ))}
          </tbody>
        </table>
        {shown.length < rows.length && (
          <button type="button" className={classes.link} onClick={() => setWhole(true)}>
            Show all {integer(rows.length)} classes
          </button>
        )}
      </div>
    </div>
  );
}

const EXAMPLES = 3;

function ClassRow({ role, one }: { role: ModelQuality['role']; one: ModelQuality['classes'][number] }) {
  const { folder } = useProject();
  const seeImages = useSeeImages();
  // A table of very many classes asks for what can be seen.
  const { ref, inViewport } = useInViewport<HTMLTableRowElement>();
  const { name, images, right, interval, taken } = one;
  const filter = taken && { roles: [role], labels: [name], predicted: [taken.name] };
  const examples = useQuery({
    queryKey: ['label-model-examples', folder, filter],
    queryFn: async () => {
      const { view } = await core.images.query({
        project: folder,
        filter: filter!,
        sort: { by: 'self-confidence', order: 'ascending' },
      });
      return core.images.rows({ project: folder, view, offset: 0, limit: EXAMPLES });
    },
    enabled: filter !== null && inViewport,
  });
  return (
    <tr ref={ref}>
      <th scope="row">{name}</th>
      <td className={page.number}>
        {integer(right)} of {integer(images)}
      </td>
      <td className={page.number} title={`95 %: ${percent(interval[0])} to ${percent(interval[1])}`}>
        {percent(right / images, 0)}
      </td>
      <td>
        {taken && (
          <button
            type="button"
            className={classes.link}
            aria-label={`See the images of ${name} that are taken for ${taken.name}`}
            onClick={() => seeImages(filter!)}
          >
            {taken.name} ({integer(taken.images)})
          </button>
        )}
      </td>
      <td>
        {taken && (
          <Gallery title={`${name} taken for ${taken.name}`} pictures={examples.data ?? []} size={36} />
        )}
      </td>
    </tr>
  );
}

/** How often the model is right, by how sure it says it is: on the diagonal its word is worth what it says. */
function Calibration({ calibration }: { calibration: NonNullable<ModelQuality['calibration']> }) {
  const bins = calibration.bins
    .map((bin, i) => ({ ...bin, from: i / calibration.bins.length }))
    .filter(({ images }) => images > 0);
  return (
    <table className={`${page.table} ${classes.calibration}`}>
      <caption>By how sure it says it is</caption>
      <TableHead columns={[figures('Says'), figures('Is right'), figures('Images'), '']} />
      <tbody>
        {bins.map(({ from, images, stated, right }) => (
          <tr key={from}>
            <td className={page.number}>{percent(stated / images, 0)}</td>
            <td className={page.number}>{percent(right / images, 0)}</td>
            <td className={page.number}>{integer(images)}</td>
            <td>
              <span className={classes.track} aria-hidden>
                <span className={classes.fill} style={{ width: `${(100 * right) / images}%` }} />
                <span className={classes.stated} style={{ left: `${(100 * stated) / images}%` }} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

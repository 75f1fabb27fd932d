import { VisuallyHidden } from '@mantine/core';
import { certaintyCounts } from '../../../rpc/contract/copies.ts';
import { BASES, BASIS_WORDS } from '../../../rpc/contract/counts.ts';
import type { ReleasePreview } from '../../../rpc/contract/releases.ts';
import { Coded } from '../../parts/coded.tsx';
import { Fact } from '../../parts/fact.tsx';
import { counted, integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Gallery } from '../../parts/gallery.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import classes from './export-screen.module.css';
import { LEFT_OUT_WORDS } from './release-draft.ts';

const CLASSES_SHOWN = 12;

/** Exactly what would be written, and what left out and why, with examples of each. */
export function ReleasePreviewCard({ preview }: { preview: ReleasePreview }) {
  const { images, origins, basis, holdout, realShare, leftOut, examples, loses, problems } = preview;
  const byCount = preview.classes.toSorted((a, b) => b.images - a.images);
  return (
    <>
      {problems.length > 0 && (
        <div className={page.problem} role="alert">
          It cannot be written like this:
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      <dl className={page.facts}>
        <Fact name="Images" value={integer(images)} />
        {BASES.map((id) => (
          <Fact
            key={id}
            name={BASIS_WORDS[id].title}
            value={integer(basis[id])}
            title={BASIS_WORDS[id].meaning}
          />
        ))}
        <Fact name="Relabelled" value={integer(origins.relabelled)} />
        <Fact name="Real share" value={realShare === null ? '–' : percent(realShare, 0)} />
      </dl>
      {holdout && (
        <p className={page.problem} role="status">
          {counted(holdout.images, 'hold-out image')} in it, kept apart as the split “{holdout.split}”: for
          testing, never for training.
        </p>
      )}
      <p className={page.hint}>
        {counted(byCount.length, 'class', 'classes')}:{' '}
        {byCount
          .slice(0, CLASSES_SHOWN)
          .map(({ name, images: count }) => `${name ?? 'without a label'} ${integer(count)}`)
          .join(', ')}
        {byCount.length > CLASSES_SHOWN && ` and ${integer(byCount.length - CLASSES_SHOWN)} more`}
      </p>
      <section className={classes.left} aria-label="Left out">
        <h3 className={page.subtitle}>Left out</h3>
        {leftOut.map(({ why, images: count, certainties, examples: some }) => (
          <div key={why} className={classes.reason}>
            <p className={page.spread}>
              <span>
                {LEFT_OUT_WORDS[why]}
                {certainties && ` (${certaintyCounts(certainties)})`}
              </span>{' '}
              <b>{integer(count)}</b>
            </p>
            <Gallery
              title={LEFT_OUT_WORDS[why]}
              size={44}
              pictures={some.map(({ batch, ...picture }) => ({
                ...picture,
                caption: `${batch}: ${picture.path}`,
              }))}
            />
          </div>
        ))}
        {leftOut.length === 0 && <p className={page.hint}>Nothing.</p>}
      </section>
      {loses.length > 0 && (
        <div className={page.problem}>
          Not in it, or changed:
          <ul>
            {loses.map((loss) => (
              <li key={loss}>
                <Coded text={loss} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <table className={page.table}>
        <caption>The first files of it</caption>
        <thead>
          <tr>
            <th scope="col">
              <VisuallyHidden>Picture</VisuallyHidden>
            </th>
            <th scope="col">File</th>
            <th scope="col">Label</th>
            <th scope="col">Origin</th>
          </tr>
        </thead>
        <tbody>
          {examples.map(({ sha256, path, label, origin }) => (
            <tr key={`${path} ${sha256}`}>
              <td>
                <Thumb sha256={sha256} alt="" size={28} />
              </td>
              <td className={page.path}>{path}</td>
              <td>{label ?? 'none'}</td>
              <td>{origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

import { useState } from 'react';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { fileUrl } from '../../client.ts';
import { counted } from '../../parts/format.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import page from '../../parts/page.module.css';
import { useProject } from '../../project.tsx';
import classes from './found-pictures.module.css';

type Found = ImportPreview['pictures'][number];

/** The first pictures of each class with their boxes and outlines, before they are imported: do labels and shapes fit? */
export function FoundPictures({ pictures, classes: total }: { pictures: readonly Found[]; classes: number }) {
  const byClass = [...Map.groupBy(pictures, ({ label }) => label)];
  const more = total - byClass.filter(([label]) => label !== null).length;
  if (byClass.length === 0) return null;
  return (
    <section aria-label="Pictures of each class">
      <ul className={classes.groups}>
        {byClass.map(([label, some]) => (
          <li key={label}>
            <div className={classes.pictures}>
              {some.map((picture) => (
                <FoundPicture key={picture.path} picture={picture} />
              ))}
            </div>
            <span className={classes.name}>{label === null ? 'No label' : <MiddleText text={label} />}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={page.hint}>And {counted(more, 'more class', 'more classes')}.</p>}
    </section>
  );
}

function pathOf(ring: readonly number[]): string {
  let d = '';
  for (let i = 0; i + 1 < ring.length; i += 2) d += `${i === 0 ? 'M' : 'L'}${ring[i]} ${ring[i + 1]}`;
  return `${d}Z`;
}

function FoundPicture({ picture: { id, path, label, boxes } }: { picture: Found }) {
  const { key } = useProject();
  const [failed, setFailed] = useState(false);
  const said = boxes.length > 0 ? `, ${counted(boxes.length, 'box', 'boxes')}` : '';
  return (
    <span className={classes.place} title={path}>
      {failed ? (
        <span role="img" aria-label={`${path} (cannot be shown)`}>
          ?
        </span>
      ) : (
        <span className={classes.picture}>
          <img
            src={fileUrl(key, 'found', id)}
            alt={`${path}: ${label ?? 'no label'}${said}`}
            loading="lazy"
            decoding="async"
            draggable={false}
            onError={() => setFailed(true)}
          />
          {boxes.length > 0 && (
            <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden>
              {boxes.map(({ label: name, rings }, i) => (
                // Boxes have no identity but their place in the list.
                <path key={`${i} ${name}`} d={rings.map(pathOf).join('')} fillRule="evenodd" />
              ))}
              {boxes.map((box) => (
                <rect key={JSON.stringify(box)} x={box.x} y={box.y} width={box.width} height={box.height}>
                  <title>{box.label}</title>
                </rect>
              ))}
            </svg>
          )}
        </span>
      )}
    </span>
  );
}

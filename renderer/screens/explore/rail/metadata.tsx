import type { ImageDetail, ImageFilter } from '../../../../rpc/contract/images.ts';
import { Part } from './part.tsx';
import classes from './rail.module.css';

interface MetadataProps {
  metadata: ImageDetail['metadata'];
  onFilter: (filter: ImageFilter) => void;
}

/** What the generator wrote into the file, and what the import said of it. */
export function Metadata({ metadata, onFilter }: MetadataProps) {
  const entries: [string, string | number | null][] = [
    ['Generator', [metadata.generator, metadata.generatorVersion].filter(Boolean).join(' ') || null],
    ['Generation', metadata.generation],
    ['Tool', metadata.tool],
    ['Model', metadata.modelName],
    ['Model hash', metadata.modelHash],
    ['Seed', metadata.seed],
    ['Sampler', metadata.sampler],
    ['Steps', metadata.steps],
    ['CFG', metadata.cfg],
    ['Source type', metadata.digitalSourceType],
    ['C2PA', metadata.hasC2pa ? 'manifest present' : null],
  ];
  const known = entries.filter(([, value]) => value !== null);
  const { prompt, negativePrompt, raw } = metadata;
  if (known.length === 0 && prompt === null && raw === null) return null;
  return (
    <Part title="How it was made">
      {prompt !== null && (
        <p className={classes.prompt}>
          {prompt}{' '}
          <button
            type="button"
            className={classes.link}
            onClick={() => onFilter({ prompt: prompt.slice(0, 300) })}
          >
            Same prompt
          </button>
        </p>
      )}
      {negativePrompt !== null && <p className={classes.prompt}>Not: {negativePrompt}</p>}
      <dl className={classes.facts}>
        {known.map(([name, value]) => [<dt key={`${name}:`}>{name}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
      {raw !== null && (
        <details>
          <summary>As written in the file</summary>
          <pre className={classes.raw}>{raw}</pre>
        </details>
      )}
    </Part>
  );
}

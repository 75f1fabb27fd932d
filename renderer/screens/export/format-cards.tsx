import { Skeleton } from '@mantine/core';
import type { FormatInfo } from '../../../rpc/contract/catalog.ts';
import page from '../../parts/page.module.css';
import classes from './export-screen.module.css';

interface FormatCardsProps {
  formats: readonly FormatInfo[] | undefined;
  value: string;
  onChange: (id: string) => void;
}

const lossOf = ({ loses }: FormatInfo): string =>
  loses && loses.length > 0 ? `Loses ${loses.join('; ')}` : 'Loses nothing';

/** The formats, each with what it cannot carry: better known before than found missing later. */
export function FormatCards({ formats, value, onChange }: FormatCardsProps) {
  if (!formats) return <Skeleton height={244} radius={6} />;
  const chosen = formats.find(({ id }) => id === value);
  return (
    <fieldset className={classes.formatsBox}>
      <legend className={classes.label}>Format</legend>
      <div className={classes.formats}>
        {formats.map((format) => (
          <label
            key={format.id}
            className={classes.format}
            data-chosen={format.id === value}
            title={lossOf(format)}
          >
            <input
              type="radio"
              name="format"
              value={format.id}
              checked={format.id === value}
              onChange={() => onChange(format.id)}
            />
            <span className={classes.formatName}>{format.title}</span>
            <span className={classes.loses} data-loses={(format.loses?.length ?? 0) > 0}>
              {lossOf(format)}
            </span>
          </label>
        ))}
      </div>
      {chosen && (
        <p className={page.hint}>
          {chosen.layout} {lossOf(chosen)}.
        </p>
      )}
    </fieldset>
  );
}

import { Skeleton } from '@mantine/core';
import type { FormatInfo } from '../../../rpc/contract/catalog.ts';
import { Coded } from '../../parts/coded.tsx';
import page from '../../parts/page.module.css';
import classes from './export-screen.module.css';

interface FormatCardsProps {
  formats: readonly FormatInfo[] | undefined;
  /** Whether the release has boxes, where that is known. */
  hasBoxes: boolean | undefined;
  value: string;
  onChange: (id: string) => void;
}

/** What a format loses of this release; of any, as long as it is not known whether it has boxes. */
function lossOf({ loses }: FormatInfo, hasBoxes: boolean | undefined): string {
  const { withBoxes = [], withoutBoxes = [] } = loses ?? {};
  if (hasBoxes !== undefined) return lost(hasBoxes ? withBoxes : withoutBoxes);
  const isSame = withBoxes.join() === withoutBoxes.join();
  return isSame ? lost(withBoxes) : `With boxes: ${lost(withBoxes)}. Without: ${lost(withoutBoxes)}`;
}

const lost = (things: readonly string[]): string =>
  things.length > 0 ? `Loses ${things.join('; ')}` : 'Loses nothing';

/** The formats, each with what it cannot carry: better known before than found missing later. */
export function FormatCards({ formats, hasBoxes, value, onChange }: FormatCardsProps) {
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
            title={lossOf(format, hasBoxes)}
          >
            <input
              type="radio"
              name="format"
              value={format.id}
              checked={format.id === value}
              onChange={() => onChange(format.id)}
            />
            <span className={classes.formatName}>{format.title}</span>
            <span className={classes.loses} data-loses={lossOf(format, hasBoxes) !== lost([])}>
              <Coded text={lossOf(format, hasBoxes)} />
            </span>
          </label>
        ))}
      </div>
      {chosen && (
        <p className={page.hint}>
          <Coded text={`${chosen.layout} ${lossOf(chosen, hasBoxes)}.`} />
        </p>
      )}
    </fieldset>
  );
}

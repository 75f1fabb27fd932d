import { Button } from '@mantine/core';
import { useState } from 'react';
import type { BatchOverview } from '../../../rpc/contract/projects.ts';
import { counted } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Batch } from './batch.tsx';
import classes from './overview-screen.module.css';

const PAGE = 20;

export function Batches({ batches, hasRun }: { batches: readonly BatchOverview[]; hasRun: boolean }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <section className={page.stack} aria-labelledby="batches">
      <h2 id="batches" className={page.subtitle}>
        {counted(batches.length, 'batch', 'batches')}
      </h2>
      <ul className={classes.batches}>
        {batches.slice(0, shown).map((batch) => (
          <li key={batch.name}>
            <Batch batch={batch} hasRun={hasRun} />
          </li>
        ))}
      </ul>
      {shown < batches.length && (
        <Button variant="default" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, batches.length - shown)} more
        </Button>
      )}
    </section>
  );
}

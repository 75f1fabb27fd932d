import { useMemo } from 'react';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import page from '../../parts/page.module.css';
import { HeatMap } from './heat-map.tsx';
import { PairTable } from './pair-table.tsx';
import { cellsOf, confusedPairs } from './pairs.ts';
import { useSeeImages } from './use-see-images.ts';
import classes from './labels.module.css';

/** What is given as one class and taken for another: as a map of cells, and as a list of pairs. */
export function ConfusionCard({ report }: { report: LabelReport }) {
  const seeImages = useSeeImages();
  const cells = useMemo(() => cellsOf(report), [report]);
  const pairs = useMemo(() => confusedPairs(cells), [cells]);
  const names = report.classes.map(({ name }) => name);
  const see = (given: number, predicted: number): void =>
    seeImages({ roles: [report.role], labels: [names[given]!], predicted: [names[predicted]!] });
  const parts = { report, pairs, names, onSee: see };
  return (
    <section className={page.card} aria-labelledby="confusion">
      <h2 id="confusion" className={page.subtitle}>
        Given and predicted classes
      </h2>
      {!report.predicted && (
        <p className={page.problem}>
          This run counted only images that are confidently of a class. Score again to see all of them.
        </p>
      )}
      <div className={classes.sides}>
        <HeatMap {...parts} cells={cells} />
        <PairTable {...parts} />
      </div>
    </section>
  );
}

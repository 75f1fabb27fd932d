import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';

const MEANINGS: Record<string, string> = {
  prune_by_noise_rate: 'as many per pair of classes as the estimate says, the surest first',
  prune_by_class: 'as many per class as the estimate says, the least likely labels first',
  both: 'those on which the two above agree',
  confident_learning: 'confidently counted as another class',
  low_self_confidence: 'the same number, by the lowest probability of the given label',
  low_normalized_margin: 'the same number, by the largest lead of another class',
  predicted_neq_given: 'every label that the model would not have given: the widest net',
};

/** How many labels each way of deciding would call wrong. */
export function FilterCounts({ report: { issues, images } }: { report: LabelReport }) {
  return (
    <section className={page.card} aria-labelledby="filters">
      <h2 id="filters" className={page.subtitle}>
        How many labels each filter calls wrong
      </h2>
      <table className={page.table}>
        <TableHead columns={['Filter', 'What it takes', figures('Labels'), figures('Share')]} />
        <tbody>
          {Object.entries(issues).map(([filter, count]) => (
            <tr key={filter}>
              <th scope="row" className={page.mono}>
                {filter}
              </th>
              <td>{MEANINGS[filter] ?? ''}</td>
              <td className={page.number}>{integer(count)}</td>
              <td className={page.number}>{percent(count / Math.max(1, images))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import { mixLeftLines } from '../../../rpc/contract/mixes.ts';
import page from '../../parts/page.module.css';

/** What is not in a mix, a line for each reason; nothing where nothing is left out. */
export function LeftOut({ of }: { of: Parameters<typeof mixLeftLines>[0] }) {
  const lines = mixLeftLines(of);
  if (lines.length === 0) return null;
  return (
    <div className={page.hint}>
      Left out:
      <ul className={page.plain}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

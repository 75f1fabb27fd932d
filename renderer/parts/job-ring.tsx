import type { Job } from '../../rpc/contract/jobs.ts';
import { percent } from './format.ts';

const RADIUS = 7;
const LENGTH = 2 * Math.PI * RADIUS;

/** How far a job's present stage is, 0..1; null where the end is not known. */
export function shareOf({ progress }: Job): number | null {
  if (!progress?.total) return null;
  return Math.min(1, progress.done / progress.total);
}

/** The running jobs together, as a ring that closes. */
export function JobRing({ jobs }: { jobs: readonly Job[] }) {
  const shares = jobs.map((job) => shareOf(job) ?? 0);
  const share = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  return (
    <svg width={18} height={18} viewBox="0 0 18 18" role="img" aria-label={`Running, ${percent(share, 0)}`}>
      <circle cx={9} cy={9} r={RADIUS} fill="none" stroke="var(--assay-line)" strokeWidth={2.5} />
      <circle
        cx={9}
        cy={9}
        r={RADIUS}
        fill="none"
        stroke="var(--assay-focus)"
        strokeWidth={2.5}
        strokeDasharray={`${Math.max(0.03, share) * LENGTH} ${LENGTH}`}
        transform="rotate(-90 9 9)"
      />
    </svg>
  );
}

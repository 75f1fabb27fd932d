import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReleaseInfo } from '../../../rpc/contract/releases.ts';
import { dateTime, integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';

export function PastReleases({ past }: { past: UseQueryResult<ReleaseInfo[]> }) {
  return (
    <section className={`${page.card} ${page.stack}`} aria-labelledby="past">
      <h2 id="past" className={page.subtitle}>
        Releases so far
      </h2>
      {past.isError && <Failure error={past.error} retry={() => void past.refetch()} />}
      {past.isPending && <Skeleton height={60} />}
      {past.data?.length === 0 && <p className={page.hint}>None yet.</p>}
      {past.data && past.data.length > 0 && (
        <table className={page.table}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">By</th>
              <th scope="col">Format</th>
              <th scope="col" className={page.number}>
                Images
              </th>
              <th scope="col">Folder</th>
              <th scope="col">sha256 of the manifest</th>
            </tr>
          </thead>
          <tbody>
            {past.data.map((release) => (
              <tr key={release.id}>
                <td>{dateTime(release.at)}</td>
                <td>{release.by}</td>
                <td>{release.format}</td>
                <td className={page.number}>{integer(release.images)}</td>
                <td className={page.path}>{release.folder}</td>
                <td className={page.mono}>{release.manifestSha256}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

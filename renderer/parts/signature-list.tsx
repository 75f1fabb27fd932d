import { useQuery } from '@tanstack/react-query';
import { MEANING_WORDS, type Signature } from '../../rpc/contract/signatures.ts';
import { core } from '../client.ts';
import { useProject } from '../project.tsx';
import bits from './bits.module.css';
import { utcTime } from './format.ts';
import page from './page.module.css';
import classes from './sign.module.css';

/** `2026-01-31 10:30:00 +01:00`: the signer's own time, as it was signed. */
const signersTime = (local: string): string =>
  `${local.slice(0, 19).replace('T', ' ')} ${/[+-]\d\d:\d\d$/.exec(local)?.[0] ?? ''}`.trim();

/** Every signature of the project, newest first; none without accounts. */
export function useSignatures(): readonly Signature[] {
  const { folder, accounts } = useProject();
  const { data } = useQuery({
    queryKey: ['signatures', folder],
    queryFn: () => core.signatures.list({ project: folder }),
    enabled: accounts,
  });
  return data ?? [];
}

/** Who signed, when and what it says, as it has to stand wherever a signed record is shown. */
export function SignatureList({ signatures }: { signatures: readonly Signature[] }) {
  return (
    <ul className={classes.signatures}>
      {signatures.map((one) => (
        <li key={one.seq} data-old={!one.stands || undefined}>
          <div>
            <b>{one.name}</b> <span className={bits.small}>({one.signer})</span>:{' '}
            {MEANING_WORDS[one.meaning].title.toLowerCase()}. “{MEANING_WORDS[one.meaning].says}”
          </div>
          <div className={bits.small}>
            {signersTime(one.local)}, which is {utcTime(one.at)}; event {one.seq}
          </div>
          {one.comment !== null && <div className={classes.comment}>{one.comment}</div>}
          {!one.stands && (
            <div className={bits.small}>Of an earlier version: what it signed was changed since.</div>
          )}
          {!one.holds && (
            <p className={page.problem} role="alert">
              This signature does not hold. Verify the record.
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../parts/card.tsx';
import { dateTime } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { policyLines } from './mix-words.ts';
import { PolicyDialog } from './policy-dialog.tsx';
import { useMixPolicy, usePolicyChanges } from './use-mix.ts';
import classes from './strategy.module.css';

/** The policy in force, and who set it. */
export function PolicyCard() {
  const { writable } = useProject();
  const policy = useMixPolicy();
  const changes = usePolicyChanges();
  const [isChanging, setChanging] = useState(false);
  const [newest, ...earlier] = changes.data?.events ?? [];
  return (
    <Card id="mix-policy" title="Policy" isStack>
      {policy.isError && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending && <Skeleton height={110} />}
      {policy.data && (
        <>
          <dl className={classes.policy}>
            {policyLines(policy.data).map(([name, words]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <div className={page.spread}>
            <p className={page.hint}>
              {policy.data.version === 0 && 'Nobody has set it: this is what every project begins with.'}
              {policy.data.version > 0 && newest && `Set by ${newest.actor} on ${dateTime(newest.at)}.`}
            </p>
            <MayButton
              needs="manage"
              variant="default"
              disabled={!writable}
              onClick={() => setChanging(true)}
            >
              Change …
            </MayButton>
          </div>
          {earlier.length > 0 && (
            <details className={page.hint}>
              <summary>Earlier</summary>
              <ul className={page.plain}>
                {earlier.map(({ seq, at, actor, text }) => (
                  <li key={seq}>
                    {dateTime(at)}, {actor}: {text}
                  </li>
                ))}
              </ul>
            </details>
          )}
          <PolicyDialog opened={isChanging} now={policy.data} onClose={() => setChanging(false)} />
        </>
      )}
    </Card>
  );
}

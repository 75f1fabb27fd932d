import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryEntry } from '../../../../rpc/contract/images.ts';
import { core } from '../../../client.ts';
import bits from '../../../parts/bits.module.css';
import { MayButton } from '../../../parts/may-button.tsx';
import { SignatureList, useSignatures } from '../../../parts/signature-list.tsx';
import { SignDialog } from '../../../parts/sign-form.tsx';
import { useProject } from '../../../project.tsx';
import { Failure } from '../../../parts/states.tsx';
import { Part } from './part.tsx';

/** Signatures of the decision on an image, and the way to sign the standing one. */
export function DecisionSignatures({
  sha256,
  history,
}: {
  sha256: string;
  history: readonly HistoryEntry[];
}) {
  const { accounts, writable } = useProject();
  const [signs, setSigns] = useState(false);
  const signatures = useSignatures().filter(
    ({ record }) => record.kind === 'decision' && record.image === sha256,
  );
  const seq = standingSeq(history);
  if (!accounts || (seq === null && signatures.length === 0)) return null;
  return (
    <Part title="Signatures">
      {signatures.length === 0 && <div className={bits.small}>The decision is not signed.</div>}
      <SignatureList signatures={signatures} />
      {seq !== null && (
        <MayButton needs="sign" variant="default" disabled={!writable} onClick={() => setSigns(true)}>
          Sign the decision …
        </MayButton>
      )}
      {signs && seq !== null && <SignDecision sha256={sha256} seq={seq} onClose={() => setSigns(false)} />}
    </Part>
  );
}

/** The event of the decision that stands: a judgement before answers, the newest of each. The core has the last word. */
function standingSeq(history: readonly HistoryEntry[]): number | null {
  const standing = history.filter(
    ({ undone, purpose, verdict }) =>
      !undone && purpose !== 'gold' && verdict !== 'skip' && verdict !== 'undo',
  );
  const judged = standing.filter(({ purpose }) => purpose === 'adjudication');
  const seqs = (judged.length > 0 ? judged : standing).map(({ seq }) => seq);
  return seqs.length === 0 ? null : Math.max(...seqs);
}

function SignDecision({ sha256, seq, onClose }: { sha256: string; seq: number; onClose: () => void }) {
  const { folder, by } = useProject();
  const event = useQuery({
    queryKey: ['trail', folder, by, 'event', seq],
    queryFn: () => core.trail.event({ project: folder, by, seq }),
    staleTime: Infinity,
  });
  if (event.isError)
    return (
      <>
        <Failure error={event.error} />
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </>
    );
  return (
    <SignDialog
      title="Sign the decision on this image"
      record={{ kind: 'decision', image: sha256 }}
      version={event.data?.hash ?? null}
      onClose={onClose}
    />
  );
}

import { useState } from 'react';
import bits from '../../../parts/bits.module.css';
import { MayButton } from '../../../parts/may-button.tsx';
import { SignatureList, useSignatures } from '../../../parts/signature-list.tsx';
import { SignDialog } from '../../../parts/sign-form.tsx';
import { useProject } from '../../../project.tsx';
import { Part } from './part.tsx';

/** Signatures of the decision on an image, and the way to sign the standing one. */
export function DecisionSignatures({ sha256, version }: { sha256: string; version: string | null }) {
  const { accounts, writable } = useProject();
  const [signs, setSigns] = useState(false);
  const signatures = useSignatures().filter(
    ({ record }) => record.kind === 'decision' && record.image === sha256,
  );
  if (!accounts || (version === null && signatures.length === 0)) return null;
  return (
    <Part title="Signatures">
      {signatures.length === 0 && <div className={bits.small}>The decision is not signed.</div>}
      <SignatureList signatures={signatures} />
      {version !== null && (
        <MayButton needs="sign" variant="default" disabled={!writable} onClick={() => setSigns(true)}>
          Sign the decision …
        </MayButton>
      )}
      {signs && version !== null && (
        <SignDialog
          title="Sign the decision on this image"
          record={{ kind: 'decision', image: sha256 }}
          version={version}
          onClose={() => setSigns(false)}
        />
      )}
    </Part>
  );
}

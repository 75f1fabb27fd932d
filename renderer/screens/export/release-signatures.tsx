import { useState } from 'react';
import type { ReleaseInfo } from '../../../rpc/contract/releases.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { SignatureList, useSignatures } from '../../parts/signature-list.tsx';
import { SignDialog } from '../../parts/sign-form.tsx';
import { useProject } from '../../project.tsx';

/** Who signed a release, and the way to sign it. */
export function ReleaseSignatures({ release: { id, manifestSha256 } }: { release: ReleaseInfo }) {
  const { writable } = useProject();
  const [signs, setSigns] = useState(false);
  const signatures = useSignatures().filter(
    ({ record }) => record.kind === 'release' && record.release === id,
  );
  return (
    <div className={page.stack}>
      <SignatureList signatures={signatures} />
      <div>
        <MayButton
          needs="sign"
          variant="default"
          size="compact-sm"
          disabled={!writable}
          aria-label={`Sign … release ${id}`}
          onClick={() => setSigns(true)}
        >
          Sign …
        </MayButton>
      </div>
      {signs && (
        <SignDialog
          title={`Sign release ${id}`}
          record={{ kind: 'release', release: id }}
          version={manifestSha256}
          onClose={() => setSigns(false)}
        />
      )}
    </div>
  );
}

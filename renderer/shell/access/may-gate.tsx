import type { ReactNode } from 'react';
import type { Permission } from '../../../rpc/contract/people.ts';
import { Empty } from '../../parts/states.tsx';
import { useWhyNot } from '../../who-acts.ts';

/** A screen for those who may use it; to others it says why they may not. */
export function MayGate({ needs, children }: { needs: Permission; children: ReactNode }) {
  const why = useWhyNot()(needs);
  return why === null ? children : <Empty title="Not with your role" body={why} />;
}

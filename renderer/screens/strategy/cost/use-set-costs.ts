import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CostInputId, Range } from '../../../../rpc/contract/costs.ts';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';
import { useAskName } from '../../../shell/name.tsx';

interface Change {
  currency?: string;
  /** A range of null gives an input back to the project, or to its default. */
  inputs?: { input: CostInputId; range: Range | null }[];
  source?: string | null;
}

/** Sets inputs of the cost model, on record with a name; `onDone` is called once they are. */
export function useSetCosts(onDone: () => void) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  return useMutation({
    mutationFn: async (change: Change) => {
      const by = await askName();
      return by === null ? null : core.costs.set({ project: folder, by, ...change });
    },
    onSuccess: (settings) => {
      if (settings === null) return;
      for (const changed of ['costs', 'trail']) void client.invalidateQueries({ queryKey: [changed] });
      onDone();
    },
  });
}

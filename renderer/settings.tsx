import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Settings } from '../rpc/contract/settings.ts';
import { core } from './client.ts';
import { reportFailure } from './parts/report-failure.ts';

const QUERY = {
  queryKey: ['settings'] as const,
  queryFn: () => core.settings.get(),
  staleTime: Infinity,
};
const BUILT_IN: Settings = { reviewer: '', theme: 'auto', keys: {}, panels: {} };

interface UseSettings {
  settings: Settings;
  /** Holds at once; only what is named changes. A function is given what holds now, also within one frame. */
  set: (change: Partial<Settings> | ((now: Settings) => Partial<Settings>)) => void;
  /** False until the core has said what they are: until then the built-in ones are shown. */
  isLoaded: boolean;
}

/** What belongs to the person at this machine rather than to a project. */
export function useSettings(): UseSettings {
  const client = useQueryClient();
  const { data } = useQuery(QUERY);
  const set = useCallback(
    (change: Partial<Settings> | ((now: Settings) => Partial<Settings>)) => {
      const apply = async (now: Settings): Promise<void> => {
        const changes = typeof change === 'function' ? change(now) : change;
        client.setQueryData<Settings>(QUERY.queryKey, { ...now, ...changes });
        await core.settings.set(changes);
      };
      const known = client.getQueryData<Settings>(QUERY.queryKey);
      // What comes before the core has said what they are waits for that.
      (known ? apply(known) : client.ensureQueryData(QUERY).then(apply)).catch((error: unknown) => {
        reportFailure('The setting was not kept', error);
        void client.invalidateQueries({ queryKey: QUERY.queryKey });
      });
    },
    [client],
  );
  return { settings: data ?? BUILT_IN, set, isLoaded: data !== undefined };
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Settings } from '../rpc/contract/settings.ts';
import { core } from './client.ts';
import { reportFailure } from './parts/report-failure.ts';

const KEY = ['settings'] as const;
const BUILT_IN: Settings = { reviewer: '', theme: 'auto', keys: {}, panels: {} };

interface UseSettings {
  settings: Settings;
  /** Holds at once; only what is named changes. */
  set: (change: Partial<Settings>) => void;
  /** False until the core has said what they are: until then the built-in ones are shown. */
  isLoaded: boolean;
}

/** What belongs to the person at this machine rather than to a project. */
export function useSettings(): UseSettings {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => core.settings.get(), staleTime: Infinity });
  const set = useCallback(
    (change: Partial<Settings>) => {
      client.setQueryData<Settings>(KEY, (old) => ({ ...(old ?? BUILT_IN), ...change }));
      core.settings.set(change).catch((error: unknown) => {
        reportFailure('The setting was not kept', error);
        void client.invalidateQueries({ queryKey: KEY });
      });
    },
    [client],
  );
  return { settings: data ?? BUILT_IN, set, isLoaded: data !== undefined };
}

import { Outlet } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { connection } from '../client.ts';
import { followJobs, useAddressedProject } from '../jobs.ts';
import { KeysDialog } from '../parts/keys-dialog.tsx';
import { keysNow, useKeys, type KeysNow } from '../parts/use-keys.ts';
import { useAccess, usePresence, useSignInNeeded } from './access/use-access.ts';
import { useConnectionMessage } from './connection.ts';
import { NameDialog } from './name.tsx';
import { openPalette, Palette } from './palette.tsx';
import { useWhoActs } from '../who-acts.ts';
import { onShowKeys } from './show-keys.ts';
import { useHost } from './use-host.ts';
import classes from './frame.module.css';

/** What every screen has around it: the dialogs, the palette, the jobs, the host's menu. */
export function Root() {
  const client = useQueryClient();
  const project = useAddressedProject();
  const message = useConnectionMessage();
  const [keys, setKeys] = useState<KeysNow | null>(null);
  const { person, isCovered } = useWhoActs();
  const { lock, signOut } = useAccess();
  useKeys({
    actions: {
      help: () => setKeys(keysNow()),
      palette: openPalette,
      ...(person && { lock, 'sign-out': signOut }),
    },
  });
  usePresence(person !== null && !isCovered);
  useSignInNeeded();
  useEffect(() => onShowKeys(() => setKeys(keysNow())), []);
  useEffect(() => {
    const stop = new AbortController();
    void followJobs(client, project, stop.signal);
    return () => stop.abort();
  }, [client, project]);
  useEffect(() => {
    let wasAway = false;
    return connection.subscribe((state) => {
      // A restarted core uses new keys for the pictures, and others may have worked meanwhile.
      if (state === 'connected' && wasAway) void client.invalidateQueries();
      wasAway = state !== 'connected';
    });
  }, [client]);
  useHost();
  return (
    <>
      <Outlet />
      {message !== null && (
        <p className={classes.message} role="alert">
          {message}
        </p>
      )}
      <Palette />
      <KeysDialog now={keys} onClose={() => setKeys(null)} />
      <NameDialog />
    </>
  );
}

import { Button, Modal, TextInput } from '@mantine/core';
import { useCallback, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Empty } from '../parts/states.tsx';
import { useSettings } from '../settings.tsx';
import { useWhoActs } from '../who-acts.ts';
import page from '../parts/page.module.css';
import classes from './frame.module.css';

type Answer = (name: string | null) => void;

let asking: Answer | null = null;
const listeners = new Set<() => void>();

function ask(answer: Answer | null): void {
  asking?.(null);
  asking = answer;
  for (const tell of listeners) tell();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/**
 * Returns who acts, asking for the reviewer's name when it is unknown or `again` is set; null when the person cancels.
 * Where people sign in, it is who signed in, and nobody is asked. To be called before every act that goes on the record.
 */
export function useAskName(): (again?: boolean) => Promise<string | null> {
  const { accounts, by } = useWhoActs();
  return useCallback(
    (again = false) => {
      if (accounts || (by !== '' && !again)) return Promise.resolve(by || null);
      return new Promise<string | null>((resolve) => ask(resolve));
    },
    [accounts, by],
  );
}

/** The one dialog that asks for the name. */
export function NameDialog() {
  const isOpen = useSyncExternalStore(subscribe, () => asking !== null);
  const finish = (name: string | null) => {
    const answer = asking;
    asking = null;
    answer?.(name);
    for (const tell of listeners) tell();
  };
  return (
    <Modal opened={isOpen} onClose={() => finish(null)} title="Who is working?" size="sm">
      <NameForm onDone={finish} />
    </Modal>
  );
}

function NameForm({ onDone }: { onDone: (name: string) => void }) {
  const { settings, set } = useSettings();
  const [name, setName] = useState(settings.reviewer);
  const trimmed = name.trim();
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed === '') return;
        set({ reviewer: trimmed });
        onDone(trimmed);
      }}
    >
      <TextInput
        label="Your name"
        description="Recorded with everything you decide, import and export. Asked once."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        autoFocus
        autoComplete="off"
        maxLength={120}
      />
      <Button type="submit" disabled={trimmed === ''}>
        Go on
      </Button>
    </form>
  );
}

/** Lets a screen appear only when the name is known under which its first key is recorded. */
export function NameGate({ children }: { children: ReactNode }) {
  const { isLoaded } = useSettings();
  const { by } = useWhoActs();
  if (!isLoaded) return null;
  if (by !== '') return children;
  return (
    <Empty
      title="Who is working?"
      body={
        <div className={classes.gate}>
          <NameForm onDone={() => undefined} />
        </div>
      }
    />
  );
}

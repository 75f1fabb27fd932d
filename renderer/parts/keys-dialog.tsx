import { CloseButton, Modal, VisuallyHidden } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useSettings } from '../settings.tsx';
import {
  ACTIONS,
  actionOfChord,
  bindingsOf,
  chordLabel,
  chordToBind,
  conflictsOf,
  labelIndex,
  swapped,
  type ActionId,
} from './keys.ts';
import { useKeyLabel, type KeysNow } from './use-keys.ts';
import { MiddleText } from './middle-text.tsx';
import classes from './keys-dialog.module.css';

interface KeysDialogProps {
  /** What keys did when the list was opened, since the dialog itself takes them; null while it is closed. */
  now: KeysNow | null;
  onClose: () => void;
}

const GROUPS = ['Answer', 'Move', 'View', 'Everywhere'] as const;

/** The keys of this moment, then all others, and the place to change them: press a key's button, then the new key. */
export function KeysDialog({ now, onClose }: KeysDialogProps) {
  const [isBinding, setBinding] = useState(false);
  const close = () => {
    setBinding(false);
    onClose();
  };
  return (
    <Modal.Root opened={now !== null} onClose={close} size="xl" closeOnEscape={!isBinding} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Keys">
        <Modal.Body>
          <div className={classes.head}>
            <h2>Keys</h2>
            <CloseButton aria-label="Close" onClick={close} />
          </div>
          {now && <Keys now={now} onBinding={setBinding} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** An action waits for its key, or for an answer where the key is taken. */
type Binding = { action: ActionId; taken?: { chord: string; by: ActionId } };

function Keys({ now, onBinding }: { now: KeysNow; onBinding: (isBinding: boolean) => void }) {
  const { settings, set } = useSettings();
  const [binding, setBinding] = useState<Binding | null>(null);
  const bindings = bindingsOf(settings.keys);
  const conflicts = conflictsOf(bindings);
  const clashing = new Set([...conflicts.values()].flat());
  const titleOf = (action: ActionId) => titleNow(action, now);

  const ask = (next: Binding | null) => {
    setBinding(next);
    onBinding(next !== null);
  };
  const keep = (keys: Record<string, string>) => {
    set({ keys });
    ask(null);
  };
  const rebind = (action: ActionId, chord: string | null) => {
    const { [action]: _, ...others } = settings.keys;
    const isBuiltIn = chord === null || chord === ACTIONS.get(action)?.key;
    keep(isBuiltIn ? others : { ...others, [action]: chord });
  };
  const pressed = (event: KeyboardEvent, action: ActionId) => {
    if (binding?.action !== action || binding.taken) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return ask(null);
    const chord = chordToBind(event.nativeEvent);
    if (chord === null) return;
    const by = actionOfChord(bindings, chord);
    if (by === null || by === action) rebind(action, chord);
    else setBinding({ action, taken: { chord, by } });
  };
  const drop = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    ask(null);
  };
  const row = (action: ActionId) => (
    <KeyRow
      key={action}
      action={action}
      title={titleOf(action)}
      isOwn={settings.keys[action] !== undefined}
      isClashing={clashing.has(action)}
      isBinding={binding?.action === action && !binding.taken}
      onAsk={() => ask({ action })}
      onReset={() => rebind(action, null)}
      onPressed={(event) => pressed(event, action)}
      onLeave={() => binding?.action === action && !binding.taken && ask(null)}
    />
  );
  const here = [...ACTIONS.keys()].filter((action) => isNow(action, now));
  return (
    <>
      <p className={classes.hint}>
        Choose a key to change it, then press the new one. Keys rest while you type or a dialog is open.
      </p>
      {binding?.taken && (
        <p className={classes.conflict} role="alert">
          {chordLabel(binding.taken.chord)} is the key of “{titleOf(binding.taken.by)}”.{' '}
          {bindings.get(binding.taken.by)?.[0] === binding.taken.chord ? (
            <button
              type="button"
              autoFocus
              className={classes.key}
              onClick={() => binding.taken && keep(swapped(settings.keys, binding.action, binding.taken))}
              onKeyDown={drop}
            >
              Swap the two
            </button>
          ) : (
            'It always is, and cannot be another one’s.'
          )}{' '}
          <button type="button" className={classes.key} onClick={() => ask(null)} onKeyDown={drop}>
            Leave them
          </button>
        </p>
      )}
      {[...conflicts].map(([chord, actions]) => (
        <p key={chord} className={classes.conflict} role="alert">
          {chordLabel(chord)} is claimed by {actions.map((id) => `“${titleOf(id)}”`).join(' and ')}: only the
          first of them acts.
        </p>
      ))}
      <section aria-label="Keys of this moment">
        <h3 className={classes.group}>Here and now</h3>
        <ul className={classes.list} data-columns>
          {here.map(row)}
        </ul>
      </section>
      <details className={classes.others}>
        <summary>Every other key</summary>
        <div className={classes.groups}>
          {GROUPS.map((group) => (
            <section key={group}>
              <h3 className={classes.group}>{group}</h3>
              <ul className={classes.list}>
                {[...ACTIONS]
                  .filter(([action, info]) => info.group === group && !here.includes(action))
                  .map(([action]) => row(action))}
              </ul>
            </section>
          ))}
        </div>
      </details>
    </>
  );
}

function isNow(action: ActionId, { actions, labels }: KeysNow): boolean {
  const index = labelIndex(action);
  return index === null ? actions.includes(action) : labels[index] !== undefined;
}

/** What an action does at this moment: a label key names its class. */
function titleNow(action: ActionId, { labels, titles }: KeysNow): string {
  const index = labelIndex(action);
  const label = index === null ? undefined : labels[index];
  return label ?? titles[action] ?? ACTIONS.get(action)?.title ?? action;
}

interface KeyRowProps {
  action: ActionId;
  title: string;
  /** It has a key of the person's own. */
  isOwn: boolean;
  isClashing: boolean;
  isBinding: boolean;
  onAsk: () => void;
  onReset: () => void;
  onPressed: (event: KeyboardEvent) => void;
  onLeave: () => void;
}

function KeyRow({ action, title, isOwn, isClashing, isBinding, ...on }: KeyRowProps) {
  const keyLabel = useKeyLabel();
  const { also = [] } = ACTIONS.get(action) ?? {};
  const shown = isBinding
    ? 'Press a key'
    : [keyLabel(action), ...also.map((chord) => chordLabel(chord))].join(', ');
  return (
    <li>
      <span className={classes.title}>
        <MiddleText text={title} />
      </span>
      {isOwn && (
        <button type="button" className={classes.reset} onClick={on.onReset}>
          Reset<VisuallyHidden> {title}</VisuallyHidden>
        </button>
      )}
      <button
        type="button"
        className={classes.key}
        data-clashing={isClashing}
        aria-label={`${title}: ${shown}`}
        onClick={on.onAsk}
        onKeyDown={on.onPressed}
        onBlur={on.onLeave}
      >
        {shown}
      </button>
    </li>
  );
}

import { CloseButton, Modal, VisuallyHidden } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useSettings } from '../settings.tsx';
import {
  ACTIONS,
  bindingsOf,
  chordLabel,
  chordToBind,
  conflictsOf,
  type ActionId,
  type ActionInfo,
} from './keys.ts';
import { useKeyLabel } from './use-keys.ts';
import classes from './keys-dialog.module.css';

interface KeysDialogProps {
  opened: boolean;
  onClose: () => void;
}

const GROUPS = ['Answer', 'Move', 'View', 'Everywhere'] as const;

/** Every key, and the place to change them: press a key's button, then the new key. */
export function KeysDialog({ opened, onClose }: KeysDialogProps) {
  const { settings, set } = useSettings();
  const [binding, setBinding] = useState<ActionId | null>(null);
  const keyLabel = useKeyLabel();
  const conflicts = conflictsOf(bindingsOf(settings.keys));
  const clashing = new Set([...conflicts.values()].flat());

  const rebind = (action: ActionId, chord: string | null) => {
    const { [action]: _, ...others } = settings.keys;
    const isBuiltIn = chord === null || chord === ACTIONS.get(action)?.key;
    set({ keys: isBuiltIn ? others : { ...others, [action]: chord } });
    setBinding(null);
  };
  const pressed = (event: KeyboardEvent, action: ActionId) => {
    if (binding !== action) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setBinding(null);
    const chord = chordToBind(event.nativeEvent);
    if (chord !== null) rebind(action, chord);
  };
  const shown = (action: ActionId, { also = [] }: ActionInfo) =>
    binding === action
      ? 'Press a key'
      : [keyLabel(action), ...also.map((chord) => chordLabel(chord))].join(', ');
  const close = () => {
    setBinding(null);
    onClose();
  };

  return (
    <Modal.Root opened={opened} onClose={close} size="xl" closeOnEscape={binding === null} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Keys">
        <Modal.Body>
          <div className={classes.head}>
            <h2>Keys</h2>
            <CloseButton aria-label="Close" onClick={close} />
          </div>
          <p className={classes.hint}>
            Choose a key to change it, then press the new one. Keys rest while you type or a dialog is open.
          </p>
          {[...conflicts].map(([chord, actions]) => (
            <p key={chord} className={classes.conflict} role="alert">
              {chordLabel(chord)} is claimed by{' '}
              {actions.map((id) => `“${ACTIONS.get(id)?.title}”`).join(' and ')}: only the first of them acts.
            </p>
          ))}
          <div className={classes.groups}>
            {GROUPS.map((group) => (
              <section key={group}>
                <h2 className={classes.group}>{group}</h2>
                <ul className={classes.list}>
                  {[...ACTIONS]
                    .filter(([, info]) => info.group === group)
                    .map(([action, info]) => (
                      <li key={action}>
                        <span>{info.title}</span>
                        {settings.keys[action] !== undefined && (
                          <button
                            type="button"
                            className={classes.reset}
                            onClick={() => rebind(action, null)}
                          >
                            Reset<VisuallyHidden> {info.title}</VisuallyHidden>
                          </button>
                        )}
                        <button
                          type="button"
                          className={classes.key}
                          data-clashing={clashing.has(action)}
                          aria-label={`${info.title}: ${shown(action, info)}`}
                          onClick={() => setBinding(action)}
                          onKeyDown={(event) => pressed(event, action)}
                          onBlur={() => binding === action && setBinding(null)}
                        >
                          {shown(action, info)}
                        </button>
                      </li>
                    ))}
                </ul>
              </section>
            ))}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

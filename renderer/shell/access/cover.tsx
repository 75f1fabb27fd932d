import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { SignedIn } from '../../../rpc/contract/people.ts';
import { counted } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { useWhoActs } from '../../who-acts.ts';
import { SignInForm } from './sign-in-form.tsx';
import classes from './access.module.css';

// From the start, before any dialog listens: Escape closes neither the cover nor what waits below it.
window.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || !document.querySelector('dialog[data-cover]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);

/**
 * Over everything, dialogs too, after an idle time or when somebody locked the window. What is below stays as it is, and
 * nothing of it is seen or reached until the same person signs in again.
 */
export function Cover({ person }: { person: SignedIn }) {
  const { access } = useWhoActs();
  const [isOther, setOther] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className={classes.cover} aria-modal aria-labelledby="cover" data-cover>
      <div className={classes.place}>
        <section className={classes.card} aria-labelledby="cover">
          <h1 id="cover" className={page.title}>
            {isOther ? 'Sign in as somebody else' : person.name}
          </h1>
          <p className={page.hint}>
            {isOther
              ? `What ${person.name} has open and has not saved is dropped then. What was saved is kept.`
              : access?.idle
                ? `Idle for ${counted(access.idleMinutes, 'minute')}. Sign in again: everything is as you left it.`
                : 'Sign in again: everything is as you left it.'}
          </p>
          <SignInForm key={String(isOther)} id={isOther ? undefined : person.id}>
            <Button variant="subtle" onClick={() => setOther(!isOther)}>
              {isOther ? `Back to ${person.name}` : 'I am somebody else'}
            </Button>
          </SignInForm>
        </section>
      </div>
    </dialog>
  );
}

import { useEffect, useState } from 'react';
import page from './page.module.css';

/** Says that capital letters are locked, which nobody sees in a password. Known from the first key or click on. */
export function CapsLock() {
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const look = (event: KeyboardEvent | PointerEvent) => setOn(event.getModifierState('CapsLock'));
    for (const kind of ['keydown', 'keyup', 'pointerdown'] as const) window.addEventListener(kind, look);
    return () => {
      for (const kind of ['keydown', 'keyup', 'pointerdown'] as const) window.removeEventListener(kind, look);
    };
  }, []);
  return isOn ? (
    <p className={page.problem} role="status">
      Caps Lock is on.
    </p>
  ) : null;
}

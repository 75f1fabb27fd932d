import { useEffect, useRef } from 'react';

/** Gives the focus to what comes in place of the picture, so that keys and screen readers go on from there. */
export function useFocusHere<E extends HTMLElement>() {
  const here = useRef<E>(null);
  useEffect(() => here.current?.focus({ preventScroll: true }), []);
  return here;
}

import { useCallback, useEffect, useState } from 'react';

/** Whether the picture has the whole screen (the whole window where the browser grants no more), and the switch for it. */
export function useFullScreen(): [boolean, () => void] {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    // The browser's own way out is one too.
    const changed = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', changed);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);
  const toggle = useCallback(() => {
    setFull(!isFull);
    if (isFull && document.fullscreenElement) void document.exitFullscreen();
    // Without the browser's leave the window is filled all the same.
    else if (!isFull) document.documentElement.requestFullscreen().catch(() => undefined);
  }, [isFull]);
  return [isFull, toggle];
}

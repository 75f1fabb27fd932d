import type { Page } from '@playwright/test';

/** How long nothing may change, and for how many frames: a busy machine draws few of them. */
const QUIET = { ms: 120, frames: 8 };
const LONGEST_MS = 240_000;

/** Waits until a page shows what it is going to show: after a change of its colours alone, no longer than they need. */
export type Settled = (change?: 'colours') => Promise<void>;

/** Waits, in a page, until nothing moves or says that it is busy, pictures are drawn, and nothing changes. */
const quiet = ({ ms, frames }: typeof QUIET): string => `new Promise((resolve, reject) => {
  const begun = performance.now();
  let changedMs = begun;
  let quietFrames = 0;
  const changed = () => {
    changedMs = performance.now();
    quietFrames = 0;
  };
  const observer = new MutationObserver(changed);
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const look = async () => {
    // Placeholders for pending content are animated.
    const moving = document.getAnimations().length;
    const busy = document.querySelector('main [aria-busy=true]');
    if (moving > 0 || busy) changed();
    if (performance.now() - begun > ${LONGEST_MS})
      return reject(new Error(moving + ' animations go on; busy: ' + busy?.outerHTML.slice(0, 200)));
    if (quietFrames++ < ${frames} || performance.now() - changedMs < ${ms}) return requestAnimationFrame(look);
    await document.fonts.ready;
    // Those that are lazy and out of sight never come; those in sight are among the files that are waited for.
    const here = [...document.images].filter((image) => image.complete);
    await Promise.all(here.map((image) => image.decode().catch(() => undefined)));
    // What is still to be drawn has its turn first.
    await new Promise((next) => setTimeout(next));
    if (quietFrames === 0) return requestAnimationFrame(look);
    observer.disconnect();
    resolve();
  };
  look();
})`;

/**
 * Returns what waits until the page shows what it is going to show: every call to the core is answered, every file here,
 * and nothing changes any more. To be asked for before the page is opened, since it watches what the page asks for.
 * Throws, naming what is missing, where that takes minutes.
 */
export function settling(page: Page): Settled {
  const files = new Map<unknown, string>();
  const calls = new Map<string, string>();
  /** Counts what came and went: what comes may lead to more. */
  let events = 0;
  const ended = (request: unknown): void => {
    events++;
    files.delete(request);
  };
  page.on('request', (request) => files.set(request, request.url()));
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  page.on('websocket', (socket) => {
    // A page has one. That of a page that was loaded anew is not always said to have closed.
    calls.clear();
    socket.on('framesent', ({ payload }) => {
      const { i: id, t: type, p: asked } = JSON.parse(String(payload)) as Message;
      // A request; anything else that is sent gives one up, or belongs to one.
      if (type === undefined) calls.set(id, asked?.u ?? '');
      else calls.delete(id);
    });
    socket.on('framereceived', ({ payload }) => {
      events++;
      calls.delete((JSON.parse(String(payload)) as Message).i);
    });
    socket.on('close', () => calls.clear());
  });
  return async (change) => {
    const begun = performance.now();
    let before: number;
    do {
      before = events;
      await page.evaluate(quiet(change === 'colours' ? { ms: 0, frames: 2 } : QUIET));
      if (performance.now() - begun > LONGEST_MS)
        throw new Error(`The page waits for ${[...calls.values(), ...files.values()].join(', ')}`);
    } while (calls.size + files.size > 0 || events > before);
  };
}

/** How oRPC frames a message: its number, its type where it is no request, and for a request what is asked. */
interface Message {
  i: string;
  t?: number;
  p?: { u?: string };
}

import { DynamicLink } from '@orpc/client';
import { portsOf, type AssayBridge } from '../rpc/bridge.ts';
import type { FileKind } from '../rpc/contract/files.ts';
import {
  cancelled,
  clientOf,
  connectionLost,
  type Connection,
  type CoreClient,
} from '../rpc/transport/client.ts';
import { connectPort } from '../rpc/transport/port.ts';
import { connectSocket } from '../rpc/transport/socket.ts';
import { errorCode } from '../rpc/errors.ts';
import { attachAll, hasWorkers } from './signed-in.ts';

/**
 * `restarting`: the core died and is being started again; `lost`: nothing answers, or this window's session has ended.
 * Either way the window comes back by itself where that is possible.
 */
export type ConnectionState = 'connected' | 'lost' | 'restarting';

const CSRF_KEY = 'assay:csrf';
const RESTARTING = 1012;
const RETRY_MS = [100, 250, 500, 1000, 2000];
const SESSION_ENDED =
  'This window has no session any more: press Enter in the terminal that runs `assay serve`, and open the address that it prints.';

// Until the first attempt has failed there is nothing to tell anybody.
let state: ConnectionState = 'connected';
let message: string | null = null;
let current: Connection | null = null;
let isOver = false;
const listeners = new Set<(state: ConnectionState) => void>();
const refusals = new Set<() => void>();
const waiting = new Set<{ resolve: (connection: Connection) => void; reject: (error: Error) => void }>();

/** Whether the core can be reached; fit for `useSyncExternalStore(connection.subscribe, connection.state)`. */
export const connection = {
  state: (): ConnectionState => state,
  /** A sentence where something has to be done about it. */
  message: (): string | null => message,
  subscribe(listener: (state: ConnectionState) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/**
 * The core's contract. A call made while there is no connection waits for the next one. A call whose connection went
 * before its answer came fails with `CONNECTION_LOST` and is never repeated here: it may have been a decision.
 */
export const core: CoreClient = clientOf(
  new DynamicLink(async (options) => {
    const { link } = await connected(options.signal);
    return {
      call: (path, input, callOptions) =>
        link.call(path, input, callOptions).catch((error: unknown) => {
          if (errorCode(error) === 'SIGN_IN_NEEDED') for (const tell of refusals) tell();
          throw error;
        }),
    };
  }),
);

/** Calls back whenever the core asks for somebody to sign in. */
export function onSignInNeeded(tell: () => void): () => void {
  refusals.add(tell);
  return () => void refusals.delete(tell);
}

/** The address of a file behind an opaque id, for `<img>` and `fetch`. `key` is the open project's. */
export function fileUrl(key: string, kind: FileKind, id: string): string {
  return `/file/${key}/${kind}/${id}`;
}

function connected(signal: AbortSignal | undefined): Promise<Connection> {
  if (current) return Promise.resolve(current);
  if (isOver) return Promise.reject(connectionLost(SESSION_ENDED));
  return new Promise((resolve, reject) => {
    const entry = { resolve, reject };
    waiting.add(entry);
    signal?.addEventListener('abort', () => {
      if (waiting.delete(entry)) reject(cancelled());
    });
  });
}

function become(next: ConnectionState, sentence: string | null = null): void {
  if (state === next && message === sentence) return;
  state = next;
  message = sentence;
  for (const listener of listeners) listener(next);
}

/** Calls wait until the new connection knows who works here. */
function adopt(opened: Connection): void {
  if (hasWorkers()) void attachAll(opened.core).then(() => take(opened));
  else take(opened);
}

function take(opened: Connection): void {
  current = opened;
  opened.onClosed(() => {
    if (current === opened) current = null;
  });
  if (current !== opened) return;
  for (const { resolve } of waiting) resolve(opened);
  waiting.clear();
  become('connected');
}

/** Electron: the shell hands over a port, and another one when it has started the core again. */
function fromShell(shell: AssayBridge): void {
  portsOf(window, shell, (port: MessagePort) => {
    const next = connectPort(port);
    adopt(next);
    next.onClosed(() => {
      if (current === null) become('restarting');
    });
  });
  shell.onCore((told) => {
    if (told.state !== 'running') become('restarting', told.message || null);
  });
}

/** Browser: a WebSocket to the server that the page came from. */
async function fromServer(token: string | null): Promise<void> {
  if (token !== null) await exchange(token);
  for (let attempt = 0; ; attempt++) {
    const code = await oneSocket(() => (attempt = -1));
    const found = code === RESTARTING ? RESTARTED : await serverState();
    if (found.state === 'over') return giveUp();
    become(found.state, found.message);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt + 1, RETRY_MS.length - 1)]));
  }
}

/** Connects once and waits for the end of it; gives the code that it was closed with. */
function oneSocket(opened: () => void): Promise<number> {
  const csrf = localStorage.getItem(CSRF_KEY) ?? '';
  const socket = new WebSocket(`ws://${location.host}/rpc`, ['assay', `csrf.${csrf}`]);
  return new Promise((resolve) => {
    socket.addEventListener('open', () => {
      opened();
      adopt(connectSocket(socket));
    });
    socket.addEventListener('close', (event) => resolve(event.code));
  });
}

interface ServerState {
  state: 'restarting' | 'lost' | 'over';
  message: string | null;
}

const RESTARTED: ServerState = { state: 'restarting', message: null };

/** A refused WebSocket does not say why: this does. */
async function serverState(): Promise<ServerState> {
  try {
    const csrf = localStorage.getItem(CSRF_KEY) ?? '';
    const answer = await fetch('/session', { headers: { 'x-assay-csrf': csrf } });
    if (answer.status === 401) return { state: 'over', message: SESSION_ENDED };
    return { state: 'restarting', message: ((await answer.json()) as { message: string | null }).message };
  } catch {
    return { state: 'lost', message: null };
  }
}

/** Trades the token, which works once, for a cookie that scripts cannot see and a value that only this origin can keep. */
async function exchange(token: string): Promise<void> {
  try {
    const answer = await fetch('/session', { method: 'POST', headers: { 'x-assay-token': token } });
    if (answer.ok) localStorage.setItem(CSRF_KEY, ((await answer.json()) as { csrf: string }).csrf);
  } catch {
    // A server that is gone is noticed, and told, by the attempt to connect that follows.
  }
}

function giveUp(): void {
  isOver = true;
  become('lost', SESSION_ENDED);
  for (const { reject } of waiting) reject(connectionLost(SESSION_ENDED));
  waiting.clear();
}

/** Takes the token out of the address, so that neither history nor a copied link carries it; the route stays. */
function takeToken(): string | null {
  const found = /^#token=([\w-]+)(.*)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, '', `${location.pathname}${location.search}#${found[2]}`);
  return found[1]!;
}

function start(): void {
  const { assay: shell } = globalThis as { assay?: AssayBridge };
  if (shell) {
    fromShell(shell);
    return;
  }
  // A new address pasted into this very tab changes the fragment only.
  addEventListener('hashchange', () => {
    if (location.hash.startsWith('#token=')) location.reload();
  });
  void fromServer(takeToken());
}

if ('location' in globalThis) start();

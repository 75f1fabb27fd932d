import type { ChildOptions } from '../rpc/child-process.ts';

/** What the main process sends to the core's. Ports travel beside the message. */
export type ToCore =
  | { kind: 'start'; keySecret: string; builtInPacks: string }
  /** With a port: a window's, or the main process's own. */
  | { kind: 'connect' }
  /** With a port: the channel of a process that the core asked for. */
  | { kind: 'child-started'; child: number; pid: number }
  | { kind: 'child-stderr'; child: number; text: string }
  | { kind: 'child-gone'; child: number; how: string }
  | { kind: 'end' };

/** What the core's process sends back. */
export type FromCore =
  | { kind: 'ready' }
  | { kind: 'start-child'; child: number; entry: string; args: string[]; options: ChildOptions }
  | { kind: 'kill-child'; child: number };

/** The first message of a child, with the port that leads to the core. */
export interface Attach {
  entry: string;
  args: string[];
}

/** Names of the messages between a window's preload script and the main process. */
export const CHANNELS = {
  port: 'assay:port',
  core: 'assay:core',
  menu: 'assay:menu',
  pick: 'assay:pick',
} as const;

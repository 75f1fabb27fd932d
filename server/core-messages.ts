/** What the server sends to the core's process: connections by number, each message whole. */
export type ToCore =
  | { kind: 'start'; keySecret: string }
  | { kind: 'open'; connection: number }
  | { kind: 'message'; connection: number; data: string }
  | { kind: 'close'; connection: number }
  | { kind: 'end' };

/** What the core's process sends back. */
export type FromCore =
  | { kind: 'ready' }
  | { kind: 'message'; connection: number; data: string }
  | { kind: 'close'; connection: number };

/** What the core's process answers: connections by number, each message whole. */
export interface CoreCalls {
  /** Starts the core; the answer comes when it can be connected to. */
  start: (keySecret: string) => void;
  open: (connection: number) => void;
  message: (connection: number, data: string) => void;
  close: (connection: number) => void;
  end: () => void;
}

/** What the core's process tells the server. */
export type CoreNotices = Pick<CoreCalls, 'message' | 'close'>;

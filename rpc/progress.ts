/** One report of a long task. `total` is null until it is known. Rates and time left are the viewer's to derive. */
export interface Progress {
  /** What is going on, as a short phrase for people: `reading images`. */
  stage: string;
  done: number;
  total: number | null;
  /** What `done` counts, plural: `images`. */
  unit: string;
}

/** What every long task receives: it reports through `progress` and stops, by throwing, when `signal` aborts. */
export interface TaskContext {
  signal: AbortSignal;
  progress: (report: Progress) => void;
}

/** One report of a long task. `total` is null until it is known. The viewer derives rates and time left. */
export interface Progress {
  /** The current activity, as a short phrase for people: `reading images`. */
  stage: string;
  done: number;
  total: number | null;
  /** Plural noun of the counted things: `images`. */
  unit: string;
}

/** Passed to every long task, which reports through `progress` and stops, by throwing, when `signal` aborts. */
export interface TaskContext {
  signal: AbortSignal;
  progress: (report: Progress) => void;
}

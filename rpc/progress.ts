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

/** A long call as its client sees it: reports until it is done, and then its result. */
export interface ProgressStream<R> {
  next(): Promise<IteratorResult<Progress, R>>;
}

/** Goes with a long call to its end and gives its result; `report` is told how far it is. */
export async function follow<R>(
  call: ProgressStream<R> | Promise<ProgressStream<R>>,
  report: (progress: Progress) => void = () => {},
): Promise<R> {
  const stream = await call;
  for (;;) {
    const step = await stream.next();
    if (step.done) return step.value;
    report(step.value);
  }
}

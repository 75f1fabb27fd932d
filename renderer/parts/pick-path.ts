import { reportFailure } from './report-failure.ts';

/** Goes on with what was picked in the system's dialog, if anything was. */
export function whenPicked(picked: Promise<string | null>, goOn: (path: string) => void): void {
  picked.then(
    (path) => path !== null && goOn(path),
    (error: unknown) => reportFailure('The dialog did not open', error),
  );
}

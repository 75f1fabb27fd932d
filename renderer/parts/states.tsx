import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { detailsOf, plainError } from '../../rpc/errors.ts';
import classes from './states.module.css';

interface EmptyProps {
  title: string;
  body?: ReactNode;
  action?: ReactNode;
}

/** In place of an empty table: what would be here, and how it comes here. */
export function Empty({ title, body, action }: EmptyProps) {
  return (
    <div className={classes.state}>
      <h2 className={classes.title}>{title}</h2>
      {body !== undefined && <div className={classes.body}>{body}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** Takes the room of what is coming. It shows itself only after a moment, so that quick answers do not flicker. */
export function Loading({ label }: { label: string }) {
  return (
    <div className={classes.state} role="status" aria-busy="true">
      <div className={classes.late}>
        <Loader size="sm" aria-hidden />
        <span className={classes.body}>{label} …</span>
      </div>
    </div>
  );
}

/** What anything thrown says to people. */
export function messageOf(error: unknown): string {
  return withoutOptions(plainError(error).message);
}

/** Options of the command line, which stand in brackets, are nothing that a window has. */
export const withoutOptions = (message: string): string => message.replaceAll(/ \(--[^()]*\)/g, '');

interface FailureProps {
  error: unknown;
  retry?: () => void;
}

/** The core's own sentence, which names the thing and the remedy; never a stack. */
export function Failure({ error, retry }: FailureProps) {
  return (
    <div className={classes.failure} role="alert">
      <span className={classes.mark} aria-hidden>
        !
      </span>
      <div>
        <p className={classes.message}>{messageOf(error)}</p>
        <details className={classes.code}>
          <summary>Details</summary>
          {detailsOf(error)}
        </details>
      </div>
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

import type { ReactNode } from 'react';
import type { OpenProject, RecordAlarm } from '../../rpc/contract/projects.ts';
import { useWhoActs } from '../who-acts.ts';
import { Header } from './header.tsx';
import { Rail } from './rail.tsx';
import { Misuse } from './access/misuse.tsx';
import classes from './frame.module.css';

interface FrameProps {
  /** Null while it is being opened: the frame is drawn first, so that nothing moves. */
  project: OpenProject | null;
  children: ReactNode;
}

/** Header above, screens to choose on the left, and the screen, which scrolls by itself. */
export function Frame({ project, children }: FrameProps) {
  const { accounts, person } = useWhoActs();
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content" onClick={toContent}>
        Skip to the content
      </a>
      <Header project={project} />
      <Rail project={accounts && person === null ? null : project} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <div>
          <Misuse />
          {project?.writable === false &&
            (project.alarm ? <Alarm of={project.alarm} /> : <Notice project={project} />)}
        </div>
        <div className={classes.screen}>{children}</div>
      </main>
    </div>
  );
}

function Notice({ project }: { project: OpenProject }) {
  return (
    <p className={classes.notice} role="status">
      {`Open for reading: ${project.readOnly} What you see is up to date.`}
    </p>
  );
}

/** The record is not the one that is known: what to do first, and the facts for whoever asks. */
function Alarm({ of: { message, details } }: { of: RecordAlarm }) {
  return (
    <div className={classes.alarm} role="alert">
      <strong>{message}</strong>
      <details>
        <summary>Details</summary>
        {details}
      </details>
    </div>
  );
}

/** By hand, since the address after # belongs to the router. */
function toContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

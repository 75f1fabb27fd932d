import { Link } from '@tanstack/react-router';
import { useAddressedProject } from '../../jobs.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { useWhoActs } from '../../who-acts.ts';
import classes from '../frame.module.css';

/** Alarms about accounts, on every screen of those who can act on them. */
export function Misuse() {
  const { access } = useWhoActs();
  const project = useAddressedProject();
  if (project === null || !access || access.misuse.length === 0) return null;
  return (
    <div className={classes.alarm} role="alert">
      {access.misuse.map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
      <Link to="/p/$folder/people" params={projectParams(project)}>
        Look at People
      </Link>
    </div>
  );
}

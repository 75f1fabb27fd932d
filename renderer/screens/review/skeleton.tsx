import classes from './skeleton.module.css';

/** The layout of a review before its first item is there. */
export function Skeleton() {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading the queue">
      <div className={classes.line} />
      <div className={classes.middle}>
        <div className={classes.stage} />
        <div className={classes.rail} />
      </div>
      <div className={classes.strip} />
      <div className={classes.bar} />
    </div>
  );
}

import { Checkbox, NumberInput, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { GUARDED_TASKS, type GuardedTask, type Requirements } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useWhyNot } from '../../who-acts.ts';
import { usePeopleAct } from './use-people.ts';
import classes from './people.module.css';

const TASKS: Record<GuardedTask, { title: string; what: string }> = {
  review: { title: 'Reviewing', what: 'Answering the items of a queue.' },
  judge: { title: 'Judging', what: 'Conflicts, questions, copies, and decisions outside of a queue.' },
  sign: { title: 'Signing', what: 'Decisions, the dataset, releases.' },
};

interface RequirementsFormProps {
  now: Requirements;
  /** Kinds of credential that are on record. */
  known: readonly string[];
}

/** What people must have on record for each task; who has not is kept from it, and told what is missing. */
export function RequirementsForm({ now, known }: RequirementsFormProps) {
  const { folder, by, writable } = useProject();
  const [draft, setDraft] = useState(now);
  const isClosed = useWhyNot()('manage') !== null || !writable;
  const set = usePeopleAct(() => core.people.setRequirements({ project: folder, by, requirements: draft }));
  const change = (task: GuardedTask, part: Partial<Requirements[GuardedTask]>) =>
    setDraft({ ...draft, [task]: { ...draft[task], ...part } });
  return (
    <form
      className={`${page.card} ${page.stack}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!set.isPending) set.mutate();
      }}
    >
      <p className={page.hint}>
        Whoever lacks something, or whose credential has ended, is kept from the task, and told what is
        missing.
      </p>
      <div className={classes.tasks}>
        {GUARDED_TASKS.map((task) => (
          <section key={task} className={page.stack} aria-labelledby={`task-${task}`}>
            <div>
              <h2 id={`task-${task}`} className={page.subtitle}>
                {TASKS[task].title}
              </h2>
              <p className={page.hint}>{TASKS[task].what}</p>
            </div>
            <Checkbox
              label="Training on the guideline in force"
              disabled={isClosed}
              checked={draft[task].training}
              onChange={(event) => change(task, { training: event.currentTarget.checked })}
            />
            <NumberInput
              label="Least right answers in the newest calibration"
              description="Empty asks for none"
              suffix=" %"
              min={0}
              max={100}
              disabled={isClosed}
              value={draft[task].calibration === null ? '' : Math.round(100 * draft[task].calibration)}
              onChange={(value) =>
                change(task, {
                  calibration: value === '' ? null : Math.min(1, Math.max(0, Number(value) / 100)),
                })
              }
            />
            <TagsInput
              label="Credentials, all of them in date"
              placeholder={draft[task].credentials.length === 0 ? 'radiologist, then Enter' : ''}
              data={[...new Set(known)]}
              disabled={isClosed}
              maxTags={20}
              value={draft[task].credentials}
              onChange={(credentials) => change(task, { credentials })}
            />
          </section>
        ))}
      </div>
      {set.isError && <Failure error={set.error} />}
      <div className={page.row}>
        <MayButton
          needs="manage"
          type="submit"
          loading={set.isPending}
          disabled={!writable || JSON.stringify(draft) === JSON.stringify(now)}
        >
          Set
        </MayButton>
      </div>
    </form>
  );
}

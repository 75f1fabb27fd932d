import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { targetWords, yieldWords, type PlanClass, type PlanReport } from '../../../../rpc/contract/plans.ts';
import { core } from '../../../client.ts';
import { Card } from '../../../parts/card.tsx';
import { CopyText } from '../../../parts/copy-text.tsx';
import { dateTime, integer } from '../../../parts/format.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import { MayButton } from '../../../parts/may-button.tsx';
import page from '../../../parts/page.module.css';
import { Failure, Loading } from '../../../parts/states.tsx';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import { useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import classes from './plan.module.css';
import { SettingsCard } from './settings-card.tsx';
import { TargetDialog } from './target-dialog.tsx';
import { usePlan } from './use-plan.ts';

/** What to generate next: how many of each class, how, and what to leave. */
export function PlanPage() {
  const plan = usePlan();
  return (
    <QuestionPage title="Plan">
      {plan.isPending && <Loading label="Counting what there is" />}
      {plan.isError && <Failure error={plan.error} retry={() => void plan.refetch()} />}
      {plan.data && (
        <>
          <TargetCard plan={plan.data} />
          <ClassesCard plan={plan.data} />
          <HowCard wanted={plan.data.classes.filter(isWanted)} />
          <SettingsCard plan={plan.data} />
        </>
      )}
    </QuestionPage>
  );
}

const isWanted = ({ generate, vary }: PlanClass): boolean => generate > 0 || vary;

function TargetCard({ plan: { target, set, classes: rows } }: { plan: PlanReport }) {
  const { folder, writable } = useProject();
  const [isChanging, setChanging] = useState(false);
  const save = useMutation({ mutationFn: () => core.plans.save({ project: folder }) });
  return (
    <Card id="target" title="Target" isStack>
      <p className={classes.words}>
        Real and usable synthetic images together: {targetWords(target)}.{' '}
        <span className={page.hint}>
          {set
            ? `Set by ${set.by} on ${dateTime(set.at)}.`
            : 'Nobody has set one: every project begins with this.'}
        </span>
      </p>
      <div className={page.row}>
        <MayButton needs="manage" disabled={!writable} onClick={() => setChanging(true)}>
          Change …
        </MayButton>
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          Save as CSV and JSON
        </Button>
      </div>
      {save.isError && <Failure error={save.error} />}
      {save.data?.[0] !== undefined && <CopyText label="Saved" text={save.data[0]} />}
      <TargetDialog
        opened={isChanging}
        now={target}
        names={rows.map(({ name }) => name)}
        onClose={() => setChanging(false)}
      />
    </Card>
  );
}

function ClassesCard({ plan: { classes: rows, notes } }: { plan: PlanReport }) {
  return (
    <Card id="classes" title="How many of each class" isStack>
      {rows.length === 0 ? (
        <p className={page.hint}>There is no class yet: import labelled images.</p>
      ) : (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Class',
                ...['Generate about', 'Real', 'Usable', 'Wanted'].map(figures),
                'Survived review',
                'Of audits',
                'Why',
              ]}
            />
            <tbody>
              {rows.map(({ name, generate, real, usable, due, decided, audited, basis, why }) => (
                <tr key={name}>
                  <th scope="row" className={classes.name}>
                    {name}
                  </th>
                  <td className={page.number}>{generate > 0 ? <b>{integer(generate)}</b> : 'no more'}</td>
                  <td className={page.number}>{integer(real)}</td>
                  <td className={page.number}>{integer(usable)}</td>
                  <td className={page.number}>{integer(due)}</td>
                  <td data-used={basis === 'decided'} className={classes.yield}>
                    {yieldWords(decided)}
                  </td>
                  <td data-used={basis === 'audited'} className={classes.yield}>
                    {yieldWords(audited)}
                  </td>
                  <td>{why.join('; ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {notes.map((note) => (
        <p key={note} className={page.hint}>
          {note}
        </p>
      ))}
    </Card>
  );
}

const SIZE = 64;

/** With which prompts, and on which real images, the wanted classes are generated. */
function HowCard({ wanted }: { wanted: readonly PlanClass[] }) {
  const known = wanted.filter(
    ({ prompts, conditionOn }) => prompts.use.length + prompts.avoid.length + conditionOn.length > 0,
  );
  if (known.length === 0) return null;
  return (
    <Card id="how" title="With what" isStack>
      <ul className={classes.list}>
        {known.map(({ name, prompts, conditionOn }) => (
          <li key={name} className={classes.how}>
            <h3 className={page.subtitle}>{name}</h3>
            {prompts.use.length > 0 && <Prompts title="Prompts that did best" prompts={prompts.use} />}
            {prompts.avoid.length > 0 && <Prompts title="Prompts to avoid" prompts={prompts.avoid} />}
            {conditionOn.length > 0 && (
              <>
                <p className={page.hint}>Real images that no generated one is near, to condition on:</p>
                <Gallery title={`${name}: to condition on`} pictures={conditionOn} size={SIZE} />
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Prompts({ title, prompts }: { title: string; prompts: readonly string[] }) {
  return (
    <>
      <p className={page.hint}>{title}:</p>
      <ul className={`${page.plain} ${classes.words}`}>
        {prompts.map((prompt) => (
          <li key={prompt}>{prompt}</li>
        ))}
      </ul>
    </>
  );
}

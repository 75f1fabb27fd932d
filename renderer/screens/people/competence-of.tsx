import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Competence, Guideline, Person } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import { counted, dateTime, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { TableHead } from '../../parts/table-head.tsx';
import { useProject } from '../../project.tsx';
import { useWhyNot } from '../../who-acts.ts';
import { AddCalibration, AddCredential, AddTraining } from './competence-forms.tsx';
import { ReasonForm } from './reason-form.tsx';
import { useGuidelines, usePeopleAct } from './use-people.ts';
import classes from './people.module.css';

interface CompetenceOfProps {
  person: Person;
  competence: readonly Competence[];
  /** Kinds of credential that tasks ask for. */
  kinds: readonly string[];
}

const ADD = [
  { kind: 'credential', title: 'Add a credential …', needs: 'administer' },
  { kind: 'training', title: 'Add a training …', needs: 'manage' },
  { kind: 'calibration', title: 'Add a calibration …', needs: 'manage' },
] as const;

/** What is on record of a person: credentials, training, calibration. */
export function CompetenceOf({ person, competence, kinds }: CompetenceOfProps) {
  const { folder, by, writable } = useProject();
  const whyNot = useWhyNot();
  const guidelines = useGuidelines().data ?? [];
  const [adds, setAdds] = useState<Competence['kind'] | null>(null);
  const [withdraws, setWithdraws] = useState<number | null>(null);
  const done = () => {
    setAdds(null);
    setWithdraws(null);
  };
  const withdraw = usePeopleAct(
    (reason: string) => core.people.withdraw({ project: folder, by, competence: withdraws ?? 0, reason }),
    done,
  );
  const own = person.id === by ? 'Somebody else has to put this on record.' : null;
  const cannotWithdraw = whyNot('administer');
  return (
    <section className={page.stack} aria-labelledby="competence">
      <h3 id="competence" className={page.subtitle}>
        Credentials, training, calibration
      </h3>
      {competence.length === 0 && <p className={page.hint}>Nothing is on record yet.</p>}
      {competence.length > 0 && (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead columns={['What', 'On record', 'Counts', 'Change']} />
            <tbody>
              {competence.toReversed().map((one) => (
                <tr key={one.id} className={one.withdrawn === null ? undefined : classes.withdrawn}>
                  <td>{whatWords(one, guidelines)}</td>
                  <td>
                    {dateTime(one.at)}, by {one.by}
                  </td>
                  <td className={isLapsed(one) ? classes.lapsed : undefined}>{countsWords(one)}</td>
                  <td>
                    {one.withdrawn === null && (
                      <Button
                        variant="default"
                        size="compact-xs"
                        disabled={!writable || cannotWithdraw !== null}
                        title={cannotWithdraw ?? undefined}
                        aria-label={`Withdraw … number ${one.id}`}
                        onClick={() => setWithdraws(one.id)}
                      >
                        Withdraw …
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {withdraws !== null && (
        <ReasonForm
          label={`Why number ${withdraws} is withdrawn`}
          what="It stays on record, and counts no longer from here on."
          action="Withdraw"
          mutation={withdraw}
          onCancel={done}
        />
      )}
      {adds === 'credential' && <AddCredential person={person.id} kinds={kinds} onDone={done} />}
      {adds === 'training' && <AddTraining person={person.id} guidelines={guidelines} onDone={done} />}
      {adds === 'calibration' && <AddCalibration person={person.id} onDone={done} />}
      {adds === null && person.state !== 'revoked' && (
        <div className={page.row}>
          {ADD.map(({ kind, title, needs }) => {
            const why = whyNot(needs) ?? own;
            return (
              <Button
                key={kind}
                variant="default"
                disabled={!writable || why !== null}
                title={why ?? undefined}
                onClick={() => setAdds(kind)}
              >
                {title}
              </Button>
            );
          })}
        </div>
      )}
    </section>
  );
}

function whatWords(one: Competence, guidelines: readonly Guideline[]): string {
  switch (one.kind) {
    case 'credential':
      return `${one.credential}, from ${one.issuer}${one.number === '' ? '' : `, number ${one.number}`}${one.documentSha256 === null ? '' : `, document ${one.documentSha256.slice(0, 12)}`}`;
    case 'training': {
      const guideline = guidelines.find(({ sha256 }) => sha256 === one.guideline);
      const of = guideline ? `the guideline of ${dateTime(guideline.at)}` : 'a guideline';
      return `Trained on ${of} (${one.guideline.slice(0, 8)})${one.score === null ? '' : `, score ${percent(one.score, 0)}`}`;
    }
    default:
      return `Calibrated on ${counted(one.items, 'gold item')} of queue ${one.queue}: ${percent(one.accuracy, 0)} right${one.kappa === null ? '' : `, kappa ${one.kappa.toFixed(2)}`}`;
  }
}

/** Whether the last day of a credential is over, where the reader is. */
function isLapsed(one: Competence): boolean {
  if (one.kind !== 'credential' || one.validUntil === null) return false;
  return new Date() > new Date(`${one.validUntil}T23:59:59.999`);
}

function countsWords(one: Competence): string {
  if (one.withdrawn !== null) return `withdrawn: ${one.withdrawn}`;
  if (one.kind !== 'credential' || one.validUntil === null) return 'yes';
  return isLapsed(one) ? `ended on ${one.validUntil}` : `until ${one.validUntil}`;
}

import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { PERSON_ROLE_WORDS, type Competence, type Person } from '../../../rpc/contract/people.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { dateTime, integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useWhyNot } from '../../who-acts.ts';
import { core } from '../../client.ts';
import { ChangePerson } from './change-person.tsx';
import { CodeShown } from './code-shown.tsx';
import { CompetenceOf } from './competence-of.tsx';
import { ReasonForm } from './reason-form.tsx';
import { STATE_WORDS, usePeopleAct } from './use-people.ts';

type Act = 'change' | 'reset' | 'revoke';

interface PersonDialogProps {
  person: Person;
  competence: readonly Competence[];
  /** Kinds of credential that tasks ask for. */
  kinds: readonly string[];
  onClose: () => void;
}

/** All that is known of one person, and what an administrator can do about it. */
export function PersonDialog({ person, competence, kinds, onClose }: PersonDialogProps) {
  const [act, setAct] = useState<Act | null>(null);
  const { folder, by, writable } = useProject();
  const whyNot = useWhyNot();
  const of = { project: folder, by, person: person.id };
  const done = () => setAct(null);
  const reset = usePeopleAct((reason: string) => core.people.reset({ ...of, reason }), done);
  const revoke = usePeopleAct((reason: string) => core.people.revoke({ ...of, reason }), done);
  const allow = usePeopleAct(() => core.people.allowSigning(of));
  const unlock = usePeopleAct(() => core.people.unlock(of));
  const failed = [allow, unlock].find(({ isError }) => isError);
  const isClosed = person.state === 'revoked';
  const isSelf = person.id === by;
  const why = whyNot('administer');
  const button = (title: string, onClick: () => void, refused: string | null = null) => (
    <Button
      variant="default"
      disabled={!writable || why !== null || refused !== null}
      title={why ?? refused ?? undefined}
      onClick={onClick}
    >
      {title}
    </Button>
  );
  if (reset.data)
    return (
      <Modal
        opened
        onClose={onClose}
        title={`New code for ${person.name}`}
        size="md"
        closeOnClickOutside={false}
      >
        <CodeShown code={reset.data} onClose={() => reset.reset()} />
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title={person.name} size="xl">
      <div className={page.stack}>
        <Known person={person} />
        {!isClosed && (
          <div className={page.row}>
            {button('Change …', () => setAct('change'))}
            {person.state === 'locked' && button('Unlock', () => unlock.mutate())}
            {!person.maySign &&
              button('Allow signing', () => allow.mutate(), isSelf ? 'Somebody else has to allow it.' : null)}
            {button(
              'Reset …',
              () => setAct('reset'),
              isSelf ? 'You cannot reset yourself: change your password instead.' : null,
            )}
            {button('Revoke …', () => setAct('revoke'))}
          </div>
        )}
        {failed && <Failure error={failed.error} />}
        {act === 'change' && <ChangePerson person={person} onDone={done} />}
        {act === 'reset' && (
          <ReasonForm
            label="Why they are reset"
            what={`${person.name} loses their password and their key at once, and gets a new code. What they signed stays valid. They cannot sign again until a second administrator allows it.`}
            action="Reset"
            mutation={reset}
            onCancel={done}
          />
        )}
        {act === 'revoke' && (
          <ReasonForm
            label="Why the account is closed"
            what={`${person.name} can never sign in here again, and the id ${person.id} is never given again. What they did and signed stays on record.`}
            action="Close the account"
            again={`Close the account of ${person.name} for good?`}
            mutation={revoke}
            onCancel={done}
          />
        )}
        <CompetenceOf person={person} competence={competence} kinds={kinds} />
      </div>
    </Modal>
  );
}

function Known({ person }: { person: Person }) {
  const { id, roles, state, identity, publicKey, failures, lastSignIn, blocked } = person;
  return (
    <>
      <dl className={page.terms}>
        <dt>Id</dt>
        <dd>{id}</dd>
        <dt>Roles</dt>
        <dd>{roles.map((role) => PERSON_ROLE_WORDS[role].title).join(', ')}</dd>
        <dt>State</dt>
        <dd>
          {STATE_WORDS[state].title}. {STATE_WORDS[state].meaning}
        </dd>
        <dt>Identity</dt>
        <dd>
          {identity.how} (on record by {identity.by})
        </dd>
        <dt>Last sign-in</dt>
        <dd>
          {lastSignIn === null ? 'never' : dateTime(lastSignIn)}; wrong passwords since: {integer(failures)}
        </dd>
      </dl>
      {publicKey !== null && <CopyText label="Public key" text={publicKey} />}
      {Object.values(blocked).map((sentence) => (
        <p key={sentence} className={page.problem}>
          {sentence}
        </p>
      ))}
    </>
  );
}

import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonRole } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { CapsLock } from '../../parts/caps-lock.tsx';
import { isTypedTwice, NewPassword } from '../../shell/access/new-password.tsx';
import { useAccess } from '../../shell/access/use-access.ts';
import { IdentityField } from './identity-field.tsx';
import { RoleChecks } from './role-checks.tsx';
import { usePeopleAct } from './use-people.ts';

const IDLE_MINUTES = 15;

/** What accounts bring, and the first administrator, with whom they begin. */
export function TurnOn() {
  const { folder, writable } = useProject();
  const { took } = useAccess();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<PersonRole[]>(['administrator']);
  const [identity, setIdentity] = useState('');
  const [[password, again], setPassword] = useState(['', '']);
  const [idleMinutes, setIdleMinutes] = useState(IDLE_MINUTES);
  const [knows, setKnows] = useState(false);
  const turnOn = usePeopleAct(
    () => core.people.turnOn({ project: folder, id, name, roles, identity, password, idleMinutes }),
    took,
  );
  const isComplete =
    knows &&
    id.trim().length > 1 &&
    name.trim().length > 1 &&
    identity.trim().length > 2 &&
    isTypedTwice(password, again);
  return (
    <div className={page.columns}>
      <section className={`${page.card} ${page.stack}`} aria-labelledby="bring">
        <h2 id="bring" className={page.subtitle}>
          What accounts bring
        </h2>
        <p className={page.hint}>
          Until now whoever has this project open gives a name, and it is believed. With accounts:
        </p>
        <ul className={page.plain}>
          <li>Everybody signs in, and acts in their own name alone.</li>
          <li>Roles say who reviews, who judges, who runs the pipeline, who signs, who administers.</li>
          <li>
            Decisions, the dataset and releases can be signed, each signature with a key that only its signer
            can use.
          </li>
          <li>
            Credentials, training and calibration can be asked for before somebody may review, judge or sign.
          </li>
          <li>
            The window locks when nobody has used it for a while; wrong passwords are counted, and lock an
            account.
          </li>
        </ul>
        <p className={page.problem}>
          There is no way back: a project with accounts has them for good. Whoever can open its files can
          still read them; accounts guard what is done here, and the record shows what was done elsewhere.
        </p>
      </section>
      <form
        className={`${page.card} ${page.form}`}
        aria-label="First administrator"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !turnOn.isPending) turnOn.mutate();
        }}
      >
        <h2 className={page.subtitle}>You, as the first administrator</h2>
        <div className={page.pair}>
          <TextInput
            label="Id"
            description="You sign in with it."
            autoComplete="username"
            spellCheck={false}
            maxLength={64}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <TextInput
            label="Name"
            description="As it is printed."
            autoComplete="name"
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <RoleChecks value={roles} onChange={setRoles} fixed="administrator" />
        <IdentityField isOwn value={identity} onChange={setIdentity} />
        <NewPassword
          password={password}
          again={again}
          onChange={(next, nextAgain) => setPassword([next, nextAgain])}
        />
        <CapsLock />
        <NumberInput
          label="Locks after"
          description="Without a key or a click"
          suffix=" minutes"
          min={1}
          max={240}
          allowDecimal={false}
          value={idleMinutes}
          onChange={(value) => setIdleMinutes(Math.min(240, Math.max(1, Number(value) || IDLE_MINUTES)))}
        />
        <Checkbox
          label="I know that there is no way back"
          checked={knows}
          onChange={(event) => setKnows(event.currentTarget.checked)}
        />
        {turnOn.isError && <Failure error={turnOn.error} />}
        <Button type="submit" loading={turnOn.isPending} disabled={!isComplete || !writable}>
          Turn accounts on
        </Button>
      </form>
    </div>
  );
}

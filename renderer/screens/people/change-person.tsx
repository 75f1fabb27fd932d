import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Person } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { RoleChecks } from './role-checks.tsx';
import { usePeopleAct } from './use-people.ts';

/** Another printed name, or other roles. */
export function ChangePerson({ person, onDone }: { person: Person; onDone: () => void }) {
  const { folder, by } = useProject();
  const [name, setName] = useState(person.name);
  const [roles, setRoles] = useState(person.roles);
  const isSelf = person.id === by;
  const hasName = name.trim() !== person.name && name.trim().length > 1;
  const hasRoles = roles.length > 0 && [...roles].sort().join() !== [...person.roles].sort().join();
  const change = usePeopleAct(
    () =>
      core.people.change({
        project: folder,
        by,
        person: person.id,
        ...(hasName && { name }),
        ...(hasRoles && { roles }),
      }),
    onDone,
  );
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!change.isPending) change.mutate();
      }}
    >
      <TextInput
        label="Name"
        description="Signatures keep the name that they were made with."
        autoFocus
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {isSelf ? (
        <p className={page.hint}>Nobody changes their own roles: another administrator has to.</p>
      ) : (
        <RoleChecks value={roles} onChange={setRoles} />
      )}
      {change.isError && <Failure error={change.error} />}
      <div className={page.row}>
        <Button type="submit" loading={change.isPending} disabled={!hasName && !hasRoles}>
          Change
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

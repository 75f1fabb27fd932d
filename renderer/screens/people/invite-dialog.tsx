import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonRole } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { CodeShown } from './code-shown.tsx';
import { IdentityField } from './identity-field.tsx';
import { RoleChecks } from './role-checks.tsx';
import { usePeopleAct } from './use-people.ts';

/** Gives a new person an account, and shows the code that opens it. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { folder, by } = useProject();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<PersonRole[]>(['annotator']);
  const [identity, setIdentity] = useState('');
  const invite = usePeopleAct(() => core.people.invite({ project: folder, by, id, name, roles, identity }));
  const isComplete =
    id.trim().length > 1 && name.trim().length > 1 && roles.length > 0 && identity.trim().length > 2;
  return (
    // A click beside it must not take the code away.
    <Modal opened onClose={onClose} title="Invite a person" size="md" closeOnClickOutside={!invite.data}>
      {invite.data ? (
        <CodeShown code={invite.data} onClose={onClose} />
      ) : (
        <form
          className={page.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (isComplete && !invite.isPending) invite.mutate();
          }}
        >
          <TextInput
            label="Id"
            description="They sign in with it, and the record knows them by it. It is never given again."
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            maxLength={64}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <TextInput
            label="Name"
            description="As it is printed beside signatures."
            autoComplete="off"
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <RoleChecks value={roles} onChange={setRoles} />
          <IdentityField value={identity} onChange={setIdentity} />
          {invite.isError && <Failure error={invite.error} />}
          <Button type="submit" loading={invite.isPending} disabled={!isComplete}>
            Invite
          </Button>
        </form>
      )}
    </Modal>
  );
}

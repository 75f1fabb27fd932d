import { Menu, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { PERSON_ROLE_WORDS, type SignedIn } from '../../../rpc/contract/people.ts';
import { PersonIcon } from '../../parts/icons.tsx';
import { useKeyLabel } from '../../parts/use-keys.ts';
import { ChangePasswordDialog } from './change-password.tsx';
import { useAccess } from './use-access.ts';
import classes from '../frame.module.css';

/** Who is signed in, and what they can do about it. */
export function PersonMenu({ person }: { person: SignedIn }) {
  const { lock, signOut } = useAccess();
  const keyLabel = useKeyLabel();
  const [isChanging, setChanging] = useState(false);
  const roles = person.roles.map((role) => PERSON_ROLE_WORDS[role].title).join(', ');
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.reviewer} title={`${person.id}: ${roles}`}>
            <PersonIcon size={15} />
            <span>{person.name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setChanging(true)}>Change password …</Menu.Item>
          <Menu.Item rightSection={keyLabel('lock')} onClick={lock}>
            Lock now
          </Menu.Item>
          <Menu.Item rightSection={keyLabel('sign-out')} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangePasswordDialog opened={isChanging} person={person} onClose={() => setChanging(false)} />
    </>
  );
}

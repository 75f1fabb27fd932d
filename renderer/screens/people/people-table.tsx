import { TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  PERSON_ROLE_WORDS,
  type Competence,
  type Person,
  type Requirements,
} from '../../../rpc/contract/people.ts';
import bits from '../../parts/bits.module.css';
import { counted, dateTime, integer } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { useProject } from '../../project.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { STATE_WORDS } from './use-people.ts';
import classes from './people.module.css';

/** From so many people on they are searched. */
const SEARCHED_FROM = 12;

interface PeopleTableProps {
  people: readonly Person[];
  competence: readonly Competence[];
  requirements: Requirements;
}

/** Everybody who ever had an account; a name opens what is known of them. */
export function PeopleTable({ people, competence, requirements }: PeopleTableProps) {
  const { writable } = useProject();
  const [words, setWords] = useState('');
  const [invites, setInvites] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const sought = words.trim().toLowerCase();
  const shown = people.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(sought));
  const person = people.find(({ id }) => id === open);
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="Accounts">
      <div className={page.spread}>
        <p className={page.hint}>
          {counted(people.length, 'account')}. A name opens what is on record of a person.
        </p>
        <div className={page.row}>
          {people.length >= SEARCHED_FROM && (
            <TextInput
              aria-label="Search people"
              placeholder="Name or id"
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          )}
          <MayButton needs="administer" disabled={!writable} onClick={() => setInvites(true)}>
            Invite …
          </MayButton>
        </div>
      </div>
      <div className={page.wide}>
        <table className={page.table}>
          <TableHead
            columns={[
              'Name',
              'Roles',
              'State',
              'Signs',
              'Kept from',
              'Last sign-in',
              figures('Wrong passwords'),
            ]}
          />
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} person={one} onOpen={() => setOpen(one.id)} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p className={page.hint}>Nobody of that name.</p>}
      {invites && <InviteDialog onClose={() => setInvites(false)} />}
      {person && (
        <PersonDialog
          person={person}
          competence={competence.filter((one) => one.person === person.id)}
          kinds={[...new Set(Object.values(requirements).flatMap(({ credentials }) => credentials))]}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function Row({ person, onOpen }: { person: Person; onOpen: () => void }) {
  const { id, name, roles, state, maySign, failures, lastSignIn, blocked } = person;
  const { title, meaning } = STATE_WORDS[state];
  return (
    <tr data-closed={state === 'revoked' || undefined} className={classes.person}>
      <th scope="row">
        <button type="button" className={classes.name} onClick={onOpen}>
          {name}
        </button>
        <span className={bits.small}>{id}</span>
      </th>
      <td>{roles.map((role) => PERSON_ROLE_WORDS[role].title).join(', ')}</td>
      <td title={meaning}>
        <span className={classes.state} data-state={state}>
          {title}
        </span>
      </td>
      <td>{state === 'revoked' ? '–' : signsWords(person, maySign)}</td>
      <td className={classes.kept}>
        {Object.values(blocked).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </td>
      <td>{lastSignIn === null ? 'never' : dateTime(lastSignIn)}</td>
      <td className={page.number} data-high={failures > 2 || undefined}>
        {integer(failures)}
      </td>
    </tr>
  );
}

function signsWords({ roles, blocked, state }: Person, maySign: boolean): string {
  if (!roles.includes('specialist') && !roles.includes('lead')) return 'no: not with this role';
  if (!maySign) return 'no: waits for approval';
  if (blocked.sign !== undefined) return 'no';
  return state === 'active' ? 'yes' : 'not yet';
}

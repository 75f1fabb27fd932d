import { Tabs } from '@mantine/core';
import { useState } from 'react';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { Guidelines } from './guidelines.tsx';
import { PeopleTable } from './people-table.tsx';
import { RequirementsForm } from './requirements-form.tsx';
import { TurnOn } from './turn-on.tsx';
import { usePeople } from './use-people.ts';
import classes from './people.module.css';

/** Who may do what here, what they have shown to be able to do, and the guideline that they work by. */
export default function PeopleScreen() {
  const { accounts } = useProject();
  const [tab, setTab] = useState<string | null>('people');
  return (
    <div className={page.page} data-page>
      <h1 className={page.title}>People</h1>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="people">{accounts ? 'People' : 'Accounts'}</Tabs.Tab>
          {accounts && <Tabs.Tab value="requirements">What tasks take</Tabs.Tab>}
          <Tabs.Tab value="guidelines">Guidelines</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people" className={classes.panel}>
          {accounts ? <Listed show="people" /> : <TurnOn />}
        </Tabs.Panel>
        <Tabs.Panel value="requirements" className={classes.panel}>
          <Listed show="requirements" />
        </Tabs.Panel>
        <Tabs.Panel value="guidelines" className={classes.panel}>
          <Guidelines />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Listed({ show }: { show: 'people' | 'requirements' }) {
  const listed = usePeople();
  if (listed.isError) return <Failure error={listed.error} retry={() => void listed.refetch()} />;
  if (!listed.data) return <Loading label="Reading who is here" />;
  const { people, competence, requirements } = listed.data;
  return show === 'people' ? (
    <PeopleTable people={people} competence={competence} requirements={requirements} />
  ) : (
    <RequirementsForm
      key={JSON.stringify(requirements)}
      now={requirements}
      known={competence.flatMap((one) => (one.kind === 'credential' ? [one.credential] : []))}
    />
  );
}

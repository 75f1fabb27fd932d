import { Autocomplete, Button, FileInput, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery, type UseMutationResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Guideline } from '../../../rpc/contract/people.ts';
import { queueTitle } from '../../../rpc/contract/queue.ts';
import { core } from '../../client.ts';
import { dateTime } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { usePeopleAct } from './use-people.ts';

interface AddProps {
  person: string;
  onDone: () => void;
}

/** A qualification that somebody has made sure of. */
export function AddCredential({ person, kinds, onDone }: AddProps & { kinds: readonly string[] }) {
  const { folder, by } = useProject();
  const [credential, setCredential] = useState('');
  const [issuer, setIssuer] = useState('');
  const [number, setNumber] = useState('');
  const [validUntil, setValidUntil] = useState('');
  const [document, setDocument] = useState<File | null>(null);
  const add = usePeopleAct(
    async () =>
      core.people.addCredential({
        project: folder,
        by,
        person,
        credential,
        issuer,
        number,
        documentSha256: document && (await sha256Of(document)),
        validUntil: validUntil || null,
      }),
    onDone,
  );
  return (
    <AddForm add={add} isComplete={credential.trim() !== '' && issuer.trim().length > 2} onCancel={onDone}>
      <div className={page.pair}>
        <Autocomplete
          label="What it is"
          placeholder="radiologist"
          autoFocus
          data={[...kinds]}
          maxLength={80}
          value={credential}
          onChange={setCredential}
        />
        <TextInput
          label="Who gave it"
          maxLength={500}
          value={issuer}
          onChange={(event) => setIssuer(event.currentTarget.value)}
        />
      </div>
      <div className={page.pair}>
        <TextInput
          label="Its number, if any"
          maxLength={120}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          label="Last day, if any"
          type="date"
          value={validUntil}
          onChange={(event) => setValidUntil(event.currentTarget.value)}
        />
      </div>
      <FileInput
        size="xs"
        label="Document that shows it"
        description="Stays where it is: only its sha256 goes on record."
        placeholder="Choose a file"
        clearable
        value={document}
        onChange={setDocument}
      />
    </AddForm>
  );
}

async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** That a person was trained on a guideline. */
export function AddTraining({ person, guidelines, onDone }: AddProps & { guidelines: readonly Guideline[] }) {
  const { folder, by } = useProject();
  const [guideline, setGuideline] = useState(guidelines[0]?.sha256 ?? '');
  const [score, setScore] = useState<number | null>(null);
  const add = usePeopleAct(
    () =>
      core.people.addTraining({
        project: folder,
        by,
        person,
        guideline,
        score: score === null ? null : score / 100,
      }),
    onDone,
  );
  return (
    <AddForm add={add} isComplete={guideline !== ''} onCancel={onDone}>
      {guidelines.length === 0 ? (
        <p className={page.hint}>Publish a guideline first: training is on one of them.</p>
      ) : (
        <div className={page.pair}>
          <NativeSelect
            label="On the guideline"
            autoFocus
            value={guideline}
            data={guidelines.map(({ sha256, at }, i) => ({
              value: sha256,
              label: `${dateTime(at)} (${sha256.slice(0, 8)})${i === 0 ? ', in force' : ''}`,
            }))}
            onChange={(event) => setGuideline(event.currentTarget.value)}
          />
          <NumberInput
            label="Score, if any"
            suffix=" %"
            min={0}
            max={100}
            value={score ?? ''}
            onChange={(value) => setScore(value === '' ? null : Math.min(100, Math.max(0, Number(value))))}
          />
        </div>
      )}
    </AddForm>
  );
}

/** How a person has answered the gold items of a queue. */
export function AddCalibration({ person, onDone }: AddProps) {
  const { folder, by } = useProject();
  const [chosen, setChosen] = useState<number | null>(null);
  const queues = useQuery({
    queryKey: ['queues', folder, by],
    queryFn: () => core.queue.list({ project: folder, by }),
  });
  const withGold = queues.data?.filter(({ goldRate }) => goldRate > 0) ?? [];
  const queue = chosen ?? withGold[0]?.id ?? null;
  const add = usePeopleAct(
    () => core.people.addCalibration({ project: folder, by, person, queue: queue ?? 0 }),
    onDone,
  );
  return (
    <AddForm add={add} isComplete={queue !== null} onCancel={onDone}>
      {withGold.length === 0 ? (
        <p className={page.hint}>
          No queue has gold items: give a gold rate when you make one, and let {person} answer it.
        </p>
      ) : (
        <NativeSelect
          label="By their answers to the gold items of"
          autoFocus
          value={String(queue)}
          data={withGold.map((one) => ({ value: String(one.id), label: queueTitle(one) }))}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        />
      )}
    </AddForm>
  );
}

interface AddFormProps<Result> {
  add: UseMutationResult<Result, Error, void>;
  isComplete: boolean;
  onCancel: () => void;
  children: ReactNode;
}

function AddForm<Result>({ add, isComplete, onCancel, children }: AddFormProps<Result>) {
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !add.isPending) add.mutate();
      }}
    >
      {children}
      {add.isError && <Failure error={add.error} />}
      <div className={page.row}>
        <Button type="submit" loading={add.isPending} disabled={!isComplete}>
          Put on record
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../client.ts';
import { useProject } from '../project.tsx';
import { useAskName } from '../shell/name.tsx';
import page from './page.module.css';
import { draftOf, wordsOf, type WordsDraft } from './queue-words.ts';
import { Failure, Loading } from './states.tsx';

interface FieldsProps {
  draft: WordsDraft;
  onChange: (change: Partial<WordsDraft>) => void;
}

/** Name, due day, assignees and instructions of a queue. */
export function QueueWordsFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <div className={page.pair}>
        <TextInput
          label="Name"
          maxLength={80}
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Due"
          type="date"
          value={draft.due}
          onChange={(event) => onChange({ due: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label="Assignees"
        description="A line for each, with a number of answers if you like: “Ada Lovelace: 200”. Without one, everybody owes an equal share."
        autosize
        minRows={2}
        maxRows={6}
        value={draft.people}
        onChange={(event) => onChange({ people: event.currentTarget.value })}
      />
      <Textarea
        label="Instructions"
        description="Markdown. An image of the project: ![what it shows](image:3f2a9c01), with the start of its hash."
        autosize
        minRows={3}
        maxRows={14}
        value={draft.instructions}
        onChange={(event) => onChange({ instructions: event.currentTarget.value })}
      />
    </>
  );
}

/** What people are told of a queue. */
export function useQueueWords(queue: number) {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['queue-words', folder, queue],
    queryFn: () => core.queue.words({ project: folder, queue }),
  });
}

/** Changes what people are told of a queue; it goes on the record. */
export function EditQueueWords({ queue, onClose }: { queue: number; onClose: () => void }) {
  const words = useQueueWords(queue);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Queue ${queue}: name, people, instructions`}
      size="lg"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      {words.isPending && <Loading label="Reading what is set" />}
      {words.isError && <Failure error={words.error} retry={() => void words.refetch()} />}
      {words.data && <Form queue={queue} first={draftOf(words.data)} onClose={onClose} />}
    </Modal>
  );
}

function Form({ queue, first, onClose }: { queue: number; first: WordsDraft; onClose: () => void }) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [draft, setDraft] = useState(first);
  const save = useMutation({
    mutationFn: async () => {
      const by = await askName();
      return by === null ? null : core.queue.describe({ project: folder, by, queue, ...wordsOf(draft) });
    },
    onSuccess: (words) => {
      if (!words) return;
      client.setQueryData(['queue-words', folder, queue], words);
      void client.invalidateQueries({ queryKey: ['queues'] });
      onClose();
    },
  });
  return (
    <div className={page.form}>
      <QueueWordsFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
      {save.isError && <Failure error={save.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Set
        </Button>
      </Group>
    </div>
  );
}

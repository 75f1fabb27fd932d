import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { Markdown } from '../../parts/markdown.tsx';
import { EditQueueWords, useQueueWords } from '../../parts/queue-words-fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';

/** How the queue is to be answered; the way to change that is here too. */
export function Instructions({ queue, onClose }: { queue: number; onClose: () => void }) {
  const words = useQueueWords(queue);
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditQueueWords queue={queue} onClose={onClose} />;
  const name = words.data?.name;
  return (
    <Modal
      opened
      onClose={onClose}
      title={name ? `Instructions: ${name}` : `Instructions for queue ${queue}`}
      size="lg"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      {words.isPending && <Loading label="Reading the instructions" />}
      {words.isError && <Failure error={words.error} retry={() => void words.refetch()} />}
      {words.data && (
        <>
          {words.data.instructions === null ? (
            <p>There are none for this queue.</p>
          ) : (
            <Markdown text={words.data.instructions} />
          )}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit …
            </Button>
            <Button data-autofocus onClick={onClose}>
              Close
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}

/** The same in a panel; nothing where there are none. */
export function InstructionsPanel({ queue }: { queue: number }) {
  const { data } = useQueueWords(queue);
  return data?.instructions ? <Markdown text={data.instructions} /> : null;
}

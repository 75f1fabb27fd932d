import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { REJECT_REASONS, rejectReasonEntry, type RejectReasonEntry } from '../../rpc/contract/terms.ts';
import { core } from '../client.ts';
import { useProject } from '../project.tsx';
import { messageOf } from './states.tsx';

const BUILT_IN = REJECT_REASONS.map(rejectReasonEntry);

/** The reasons for a reject in this project; all known ones until the core has said. */
export function useRejectReasons(): readonly RejectReasonEntry[] {
  const { folder } = useProject();
  const { data } = useQuery({
    queryKey: ['reject-reasons', folder],
    queryFn: () => core.reviews.rejectReasons({ project: folder }),
    staleTime: 60_000,
  });
  return data ?? BUILT_IN;
}

/** Edits the project's list, a line for each reason; it goes on the record. */
export function EditReasons({ onClose }: { onClose: () => void }) {
  const { folder, by } = useProject();
  const client = useQueryClient();
  const reasons = useRejectReasons();
  const [text, setText] = useState(() => reasons.map(({ title }) => title).join('\n'));
  const save = useMutation({
    mutationFn: () =>
      core.reviews.setRejectReasons({
        project: folder,
        by,
        reasons: text
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
      }),
    onSuccess: (set) => {
      client.setQueryData(['reject-reasons', folder], set);
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Reasons for a reject"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Textarea
        data-autofocus
        label="One reason a line, in the order of the keys 1 to 0"
        description="The same everywhere in this project. Known reasons keep their meaning; other words stand for themselves. “Other” always stays."
        autosize
        minRows={9}
        value={text}
        error={save.error ? messageOf(save.error) : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Set for the project
        </Button>
      </Group>
    </Modal>
  );
}

import { Button, Checkbox, Group, Modal, NumberInput, Radio, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ImageFilter } from '../../../rpc/contract/images.ts';
import { DEFAULT_SHARE, itemsOf } from '../../../rpc/contract/queue.ts';
import type { End } from '../../../rpc/contract/terms.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { EndsIn } from '../../parts/ends-in.tsx';
import { counted, integer } from '../../parts/format.ts';
import { Failure } from '../../parts/states.tsx';
import { projectParams } from '../../parts/folder-address.ts';
import { useAskName } from '../../shell/name.tsx';
import { VIEW_KEY } from './use-view.ts';

interface QueueDialogProps {
  project: string;
  filter: ImageFilter;
  /** Images that the filter lets through. */
  total: number;
  onClose: () => void;
}

/** Makes a queue of what the filter lets through: all of it, or the most suspicious within a budget. */
export function QueueDialog({ project, filter, total, onClose }: QueueDialogProps) {
  const client = useQueryClient();
  const askName = useAskName();
  const navigate = useNavigate();
  const [everything, setEverything] = useState(true);
  const [items, setItems] = useState(itemsOf({ share: DEFAULT_SHARE }, total));
  const [withReal, setWithReal] = useState(filter.roles?.includes('real') ?? false);
  const [reviewers, setReviewers] = useState(1);
  const [endsIn, setEndsIn] = useState<End>('label');
  const [blind, setBlind] = useState(false);
  const make = useMutation({
    mutationFn: async () => {
      const by = await askName();
      if (by === null) return null;
      return runTask(core, 'queue', {
        project,
        by,
        filter,
        everything,
        budget: everything ? { share: 1 } : { items },
        roles: withReal ? ['real', 'synthetic'] : ['synthetic'],
        reviewers,
        endsIn: reviewers === 1 ? 'label' : endsIn,
        blind,
      });
    },
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== VIEW_KEY }),
  });
  const made = make.data;
  return (
    <Modal opened onClose={onClose} title="Make a queue of these" transitionProps={{ duration: 0 }}>
      {made ? (
        <Stack>
          <p>
            Queue {made.queue} has {counted(made.items, 'item')}
            {made.flagged > 0 ? `; ${counted(made.flagged, 'image')} kept out by rule` : ''}.
          </p>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Stay here
            </Button>
            <Button
              data-autofocus
              onClick={() => void navigate({ to: '/p/$folder/review', params: projectParams(project) })}
            >
              Review it
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <Radio.Group
            label={`${counted(total, 'image')} in the view`}
            value={everything ? 'everything' : 'budget'}
            onChange={(value) => setEverything(value === 'everything')}
          >
            <Stack mt="xs">
              <Radio value="everything" label="All of them, whatever their scores" />
              <Radio value="budget" label="The most suspicious of them, with an audit sample" />
            </Stack>
          </Radio.Group>
          {!everything && (
            <Group grow>
              <NumberInput
                label="Share, %"
                min={0.1}
                max={100}
                decimalScale={1}
                value={Number(((100 * items) / Math.max(total, 1)).toFixed(1))}
                onChange={(value) => setItems(clamp((Number(value) / 100) * total, total))}
              />
              <NumberInput
                label={`Images of ${integer(total)}`}
                min={1}
                max={total}
                value={items}
                onChange={(value) => setItems(clamp(Number(value), total))}
              />
            </Group>
          )}
          <Checkbox
            label="Real images too (held-out images are never queued)"
            checked={withReal}
            onChange={(event) => setWithReal(event.currentTarget.checked)}
          />
          <Select
            label="Independent answers for every item"
            data={['1', '2', '3']}
            value={String(reviewers)}
            onChange={(value) => setReviewers(Number(value ?? 1))}
            allowDeselect={false}
          />
          {reviewers > 1 && <EndsIn value={endsIn} onChange={setEndsIn} />}
          <Checkbox
            label="Blind: label and prediction are hidden until the answer"
            checked={blind}
            onChange={(event) => setBlind(event.currentTarget.checked)}
          />
          {make.isError && <Failure error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button data-autofocus loading={make.isPending} onClick={() => make.mutate()}>
              {everything ? 'Queue all of them' : `Queue ${counted(items, 'image')}`}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

const clamp = (value: number, most: number) =>
  Math.min(Math.max(Math.round(value) || 1, 1), Math.max(most, 1));

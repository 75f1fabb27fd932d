import { Button, Modal, NumberInput, Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MixPolicy } from '../../../rpc/contract/mixes.ts';
import { core } from '../../client.ts';
import { percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { asPercent, asShare } from './mix-words.ts';
import classes from './strategy.module.css';

interface PolicyDialogProps {
  now: MixPolicy;
  onClose: () => void;
}

/** Sets the policy on mixing; each change is on record with its author. */
export function PolicyDialog({ opened, ...form }: PolicyDialogProps & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title="Change the policy"
      size="md"
      transitionProps={{ duration: 0 }}
    >
      <PolicyForm {...form} />
    </Modal>
  );
}

/** Numbers between commas; null where there are none, or anything else. */
function generationsOf(text: string): number[] | null {
  return /^\s*\d{1,6}(\s*,\s*\d{1,6})*\s*$/.test(text) ? text.split(',').map(Number) : null;
}

function PolicyForm({ now, onClose }: PolicyDialogProps) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [target, setTarget] = useState<number | string>(asPercent(now.target));
  const [floor, setFloor] = useState<number | string>(asPercent(now.floor));
  const [isOnlySome, setOnlySome] = useState(now.generations !== null);
  const [named, setNamed] = useState(now.generations?.join(', ') ?? '');
  const [unreviewed, setUnreviewed] = useState(now.unreviewed);
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  const known = [...new Set(status.data?.batches.flatMap(({ generation }) => generation ?? []))].sort(
    (a, b) => a - b,
  );
  const generations = generationsOf(named);
  const errors = {
    target: target === '' ? 'Give a share from 0 to 100 %.' : null,
    floor:
      floor === ''
        ? 'Give a share from 0 to 100 %.'
        : target !== '' && Number(floor) > Number(target)
          ? `The floor is above the target of ${percent(asShare(Number(target)))}: lower it, or raise the target.`
          : null,
    generations:
      isOnlySome && generations === null && named !== ''
        ? 'Give numbers with commas between them, such as 1, 2.'
        : null,
  };
  const set = useMutation({
    mutationFn: async () => {
      const by = await askName();
      if (by === null) return null;
      return core.mixes.setPolicy({
        project: folder,
        by,
        target: asShare(Number(target)),
        floor: asShare(Number(floor)),
        generations: isOnlySome ? generations : null,
        unreviewed,
      });
    },
    onSuccess: (policy) => {
      if (policy === null) return;
      client.setQueryData(['mix-policy', folder], policy);
      for (const changed of ['trail', 'mix-preview', 'status', 'overview'])
        void client.invalidateQueries({ queryKey: [changed] });
      onClose();
    },
  });
  const isWhole =
    Object.values(errors).every((error) => error === null) && (!isOnlySome || generations !== null);
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !set.isPending) set.mutate();
      }}
    >
      <NumberInput
        label="Target"
        description="Share of real images in an epoch, one pass over the mix"
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        value={target}
        onChange={setTarget}
        error={errors.target}
        data-autofocus
      />
      <NumberInput
        label="Floor"
        description="Share of real images that no training batch may fall below"
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        value={floor}
        onChange={setFloor}
        error={errors.floor}
      />
      <Radio.Group
        label="Generations of synthetic images that may be in"
        value={isOnlySome ? 'some' : 'all'}
        onChange={(value) => setOnlySome(value === 'some')}
      >
        <div className={classes.inLine}>
          <Radio value="all" label="All" />
          <Radio value="some" label="Only these" />
        </div>
      </Radio.Group>
      {isOnlySome && (
        <TextInput
          label="Only these generations"
          description={
            known.length > 0
              ? `On record: ${known.join(', ')}. Batches of unknown generation stay out.`
              : 'No batch on record names its generation: all of them would stay out.'
          }
          value={named}
          onChange={(event) => setNamed(event.currentTarget.value)}
          error={errors.generations}
          autoComplete="off"
        />
      )}
      <Radio.Group
        label="Synthetic images that nobody looked at"
        value={unreviewed ? 'in' : 'out'}
        onChange={(value) => setUnreviewed(value === 'in')}
      >
        <div className={classes.inLine}>
          <Radio value="out" label="Out" />
          <Radio value="in" label="In" />
        </div>
      </Radio.Group>
      {set.isError && <Failure error={set.error} />}
      <Button type="submit" loading={set.isPending} disabled={!isWhole}>
        Set the policy
      </Button>
    </form>
  );
}

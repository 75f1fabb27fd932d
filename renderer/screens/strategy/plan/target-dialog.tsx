import { Button, Modal, NumberInput, Radio, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PlanTarget } from '../../../../rpc/contract/plans.ts';
import { core } from '../../../client.ts';
import page from '../../../parts/page.module.css';
import { Failure } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { useAskName } from '../../../shell/name.tsx';
import { classesOf, linesOf } from './target-lines.ts';
import classes from './plan.module.css';

interface TargetDialogProps {
  now: PlanTarget;
  /** Classes of the project. */
  names: readonly string[];
  onClose: () => void;
}

/** Sets the target; each change is on record with its author. */
export function TargetDialog({ opened, ...form }: TargetDialogProps & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title="Change the target"
      size="md"
      transitionProps={{ duration: 0 }}
    >
      <TargetForm {...form} />
    </Modal>
  );
}

function TargetForm({ now, names, onClose }: TargetDialogProps) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [kind, setKind] = useState(now.kind);
  const [floor, setFloor] = useState<number | string>(now.kind === 'floor' ? now.images : '');
  const [lines, setLines] = useState(now.kind === 'custom' ? linesOf(now.classes) : '');
  const custom = classesOf(lines, names);
  const target: PlanTarget | null =
    kind === 'floor'
      ? floor === ''
        ? null
        : { kind, images: Number(floor) }
      : kind === 'custom'
        ? custom.error === null && custom.classes.length > 0
          ? { kind, classes: custom.classes }
          : null
        : { kind };
  const set = useMutation({
    mutationFn: async (wanted: PlanTarget) => {
      const by = await askName();
      return by === null ? null : core.plans.setTarget({ project: folder, by, target: wanted });
    },
    onSuccess: (plan) => {
      if (plan === null) return;
      client.setQueryData(['plan', folder], plan);
      for (const changed of ['report', 'trail']) void client.invalidateQueries({ queryKey: [changed] });
      onClose();
    },
  });
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (target && !set.isPending) set.mutate(target);
      }}
    >
      <Radio.Group
        label="Images to train on, real and usable synthetic ones together"
        value={kind}
        onChange={setKind}
      >
        <div className={classes.choices}>
          <Radio value="balanced" label="As many of every class as of the one with the most" data-autofocus />
          <Radio value="real-share" label="In the proportions of the real images" />
          <Radio
            value="experiment"
            label="As many synthetic images as the newest experiment says pay"
            description="Most of them of the classes that real images alone miss."
          />
          <Radio value="floor" label="At least so many of every class" />
          <Radio value="custom" label="So many of the classes that are named, and no more of others" />
        </div>
      </Radio.Group>
      {kind === 'floor' && (
        <NumberInput
          label="Images of every class"
          min={0}
          max={1e9}
          allowDecimal={false}
          thousandSeparator=","
          value={floor}
          onChange={setFloor}
        />
      )}
      {kind === 'custom' && (
        <Textarea
          label="Classes"
          description="One in each line, with its number behind the last =, such as gear = 500"
          autosize
          minRows={4}
          maxRows={12}
          value={lines}
          onChange={(event) => setLines(event.currentTarget.value)}
          error={custom.error}
        />
      )}
      {set.isError && <Failure error={set.error} />}
      <Button type="submit" loading={set.isPending} disabled={target === null}>
        Set the target
      </Button>
    </form>
  );
}

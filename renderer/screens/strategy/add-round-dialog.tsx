import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MixInfo } from '../../../rpc/contract/mixes.ts';
import { core } from '../../client.ts';
import { FolderField } from '../../parts/folder-field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { baseName, dateTime } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import classes from './strategy.module.css';

interface AddRoundDialogProps {
  /** Newest first; one at least. */
  mixes: readonly MixInfo[];
  /** Names of the rounds that there are. */
  taken: readonly string[];
  onClose: () => void;
}

/** Puts on record which model was trained on which mix. */
export function AddRoundDialog({ opened, ...form }: AddRoundDialogProps & { opened: boolean }) {
  return (
    <FormModal
      opened={opened}
      onClose={form.onClose}
      title="Add a training round"
      size="lg"
      transitionProps={{ duration: 0 }}
    >
      <AddRoundForm {...form} />
    </FormModal>
  );
}

interface Measure {
  measure: string;
  value: number | string;
}

const NO_MEASURE: Measure = { measure: '', value: '' };
const ELSEWHERE = 'elsewhere';

function AddRoundForm({ mixes, taken, onClose }: AddRoundDialogProps) {
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [name, setName] = useState('');
  const [mix, setMix] = useState(mixes[0]!.manifestSha256);
  const [place, setPlace] = useState(mixes[0]!.folder);
  const [model, setModel] = useState('');
  const [file, setFile] = useState('');
  const [holdout, setHoldout] = useState([NO_MEASURE]);
  const measured = holdout.filter(({ measure, value }) => measure.trim() !== '' || value !== '');
  const errors = {
    name: taken.includes(name.trim()) ? 'There is a round of this name already.' : null,
    model: file.trim() !== '' && model.trim() === '' ? 'Name the model of this file too.' : null,
  };
  const isWhole =
    name.trim() !== '' &&
    Object.values(errors).every((error) => error === null) &&
    (mix !== ELSEWHERE || place.trim() !== '') &&
    measured.every(({ measure, value }) => measure.trim() !== '' && value !== '');
  const add = useMutation({
    mutationFn: async () => {
      const by = await askName();
      if (by === null) return null;
      return core.rounds.add({
        project: folder,
        by,
        name: name.trim(),
        mix: mix === ELSEWHERE ? place.trim() : mix,
        model: model.trim() === '' ? null : { name: model.trim(), file: file.trim() || null },
        holdout: measured.map(({ measure, value }) => ({ measure: measure.trim(), value: Number(value) })),
      });
    },
    onSuccess: (added) => {
      if (added === null) return;
      for (const changed of ['rounds', 'trail', 'status', 'overview'])
        void client.invalidateQueries({ queryKey: [changed] });
      onClose();
    },
  });
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !add.isPending) add.mutate();
      }}
    >
      <TextInput
        label="Name of the round"
        maxLength={100}
        value={name}
        error={errors.name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <NativeSelect
        label="Mix that was used"
        value={mix}
        data={[
          ...mixes.map(({ manifestSha256, folder: at, at: when }) => ({
            value: manifestSha256,
            label: `${baseName(at)}, ${dateTime(when)}`,
          })),
          { value: ELSEWHERE, label: 'One that lies in another folder now …' },
        ]}
        onChange={(event) => setMix(event.currentTarget.value)}
      />
      {mix === ELSEWHERE && (
        <FolderField label="Folder where the mix lies now" value={place} onChange={setPlace} />
      )}
      <TextInput
        label="Model that was trained"
        description="Its name, such as resnet-18; it may be left out."
        maxLength={200}
        value={model}
        error={errors.model}
        onChange={(event) => setModel(event.currentTarget.value)}
        autoComplete="off"
      />
      <FolderField
        label="File of the model"
        wanted="file"
        description="Its sha256 goes on record, so that the model can be told from others; it may be left out."
        value={file}
        onChange={setFile}
      />
      <fieldset className={classes.measures}>
        <legend>What was measured on the hold-out</legend>
        {holdout.map(({ measure, value }, at) => {
          const change = (part: Partial<Measure>) =>
            setHoldout(holdout.map((each, i) => (i === at ? { ...each, ...part } : each)));
          return (
            <div key={at} className={page.pair}>
              <TextInput
                label={at === 0 ? 'Measure' : undefined}
                aria-label={`Measure ${at + 1}`}
                placeholder="accuracy"
                maxLength={100}
                value={measure}
                error={measure.trim() === '' && value !== '' && 'Name the measure.'}
                onChange={(event) => change({ measure: event.currentTarget.value })}
                autoComplete="off"
              />
              <NumberInput
                label={at === 0 ? 'Value' : undefined}
                aria-label={`Value of measure ${at + 1}`}
                placeholder="0.91"
                value={value}
                error={measure.trim() !== '' && value === '' && 'Give its value.'}
                onChange={(typed) => change({ value: typed })}
              />
            </div>
          );
        })}
        <div>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setHoldout([...holdout, NO_MEASURE])}
            disabled={holdout.length >= MEASURES}
          >
            Another measure
          </Button>
        </div>
      </fieldset>
      {add.isError && <Failure error={add.error} />}
      <Button type="submit" loading={add.isPending} disabled={!isWhole}>
        Add the round
      </Button>
    </form>
  );
}

/** More than a training reports. */
const MEASURES = 50;

import { Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { TaskRequest } from '../../../rpc/contract/jobs.ts';
import {
  MIX_FORM_WORDS,
  MIX_FORMS,
  type MixForm,
  type MixPreview,
  type MixWeight,
} from '../../../rpc/contract/mixes.ts';
import { useStartJob } from '../../jobs.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { FolderField } from '../../parts/folder-field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { capitalised, counted, integer, percent } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading, withoutOptions } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import classes from './strategy.module.css';
import { asShare, mixCommand, NO_LICENCE, weightsOf } from './mix-words.ts';
import { useMixPreview } from './use-mix.ts';

const TYPING_MS = 350;

/** What the form holds; the share is in percent, as it is typed. */
export interface MixDraft {
  to: string;
  share: number | string;
  batchSize: number | string;
  /** Of an epoch; as many as there are where it is empty. */
  images: number | string;
  seed: number | string;
  /** In lines. */
  weights: string;
  as: MixForm[];
  shardMegabytes: number | string;
  licence: string;
  reason: string;
}

/** What the preview is asked about. */
interface MixWish {
  realShare: number | null;
  batchSize: number;
  images: number | null;
  weights: MixWeight[];
}

interface WriteMixDialogProps {
  start: MixDraft;
  onClose: () => void;
}

/** Asks for a mix, shows what it would hold, and starts writing it. */
export function WriteMixDialog({ opened, ...form }: WriteMixDialogProps & { opened: boolean }) {
  return (
    <FormModal
      opened={opened}
      onClose={form.onClose}
      title="Write a mix"
      size="lg"
      transitionProps={{ duration: 0 }}
    >
      <WriteMixForm {...form} />
    </FormModal>
  );
}

function WriteMixForm({ start: from, onClose }: WriteMixDialogProps) {
  const { folder, writable, by } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const [draft, setDraft] = useState(from);
  const change = (part: Partial<MixDraft>) => setDraft((now) => ({ ...now, ...part }));
  const { to, as, reason } = draft;
  const realShare = draft.share === '' ? null : asShare(Number(draft.share));
  const batchSize = Number(draft.batchSize) || 0;
  const images = draft.images === '' ? null : Number(draft.images);
  const drawn = weightsOf(draft.weights);
  const now = JSON.stringify({ realShare, batchSize, images, weights: drawn.weights });
  const [asked] = useDebouncedValue(now, TYPING_MS);
  const wish = JSON.parse(asked) as MixWish;
  const preview = useMixPreview(wish, wish.realShare !== null && wish.batchSize > 0);
  const isShown = !preview.isPlaceholderData && asked === now;
  const isBelow = preview.data?.belowFloor != null;
  const canWrite =
    writable &&
    isShown &&
    preview.data?.plan != null &&
    to.trim() !== '' &&
    as.length > 0 &&
    drawn.error === null &&
    draft.seed !== '' &&
    Number(draft.shardMegabytes) > 0 &&
    (!isBelow || reason.trim() !== '');
  const inputOf = (name: string) =>
    ({
      project: folder,
      by: name,
      to: to.trim(),
      realShare,
      batchSize,
      images,
      seed: Number(draft.seed),
      weights: drawn.weights,
      as,
      shardBytes: Math.round(1e6 * Number(draft.shardMegabytes)),
      licence: draft.licence.trim() || NO_LICENCE,
      belowFloor: isBelow ? reason.trim() : null,
    }) satisfies TaskRequest<'mix'>;
  const submit = async () => {
    const name = await askName();
    if (name !== null) start.mutate({ kind: 'mix', input: inputOf(name) }, { onSuccess: onClose });
  };
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (canWrite && !start.isPending) void submit();
      }}
    >
      <FolderField
        label="New folder"
        description="It must not be there yet, or be empty."
        error={to.trim() === '' && 'Name a folder.'}
        value={to}
        onChange={(path) => change({ to: path })}
      />
      <div className={page.pair}>
        <NumberInput
          label="Real share"
          description="Of an epoch, one pass over the mix"
          suffix=" %"
          min={0}
          max={100}
          decimalScale={2}
          value={draft.share}
          error={realShare === null && 'Give a share from 0 to 100 %.'}
          onChange={(share) => change({ share })}
          data-autofocus
        />
        <NumberInput
          label="Batch size"
          description="Images of a training batch"
          min={1}
          max={1_000_000}
          allowDecimal={false}
          value={draft.batchSize}
          error={batchSize < 1 && 'Give 1 or more.'}
          onChange={(size) => change({ batchSize: size })}
        />
      </div>
      <Checkbox.Group
        label="Written as"
        description="Beside the list of its images, which every mix has"
        value={as}
        onChange={(values) => change({ as: values })}
        error={as.length === 0 && 'Choose at least one.'}
      >
        <div className={classes.choices}>
          {MIX_FORMS.map((form) => (
            <Checkbox key={form} value={form} label={capitalised(MIX_FORM_WORDS[form])} />
          ))}
        </div>
      </Checkbox.Group>
      <MoreOptions draft={draft} change={change} error={drawn.error} />
      <div aria-live="polite" aria-busy={preview.isFetching} className={page.form}>
        {preview.isPending && realShare !== null && batchSize > 0 && (
          <Loading label="Counting what would be mixed" />
        )}
        {preview.isError && <Failure error={preview.error} retry={() => void preview.refetch()} />}
        {preview.data && !preview.isError && <Planned preview={preview.data} batchSize={wish.batchSize} />}
      </div>
      {isBelow && (
        <Textarea
          label="Why it has to be below the floor"
          description="Goes on record with your name, into the mix, and on the Overview."
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
      )}
      {start.isError && <Failure error={start.error} />}
      {canWrite && <CopyText label="The same by command" text={mixCommand(inputOf(by))} />}
      <MayButton needs="manage" type="submit" loading={start.isPending} disabled={!canWrite}>
        Write the mix
      </MayButton>
    </form>
  );
}

interface MoreOptionsProps {
  draft: MixDraft;
  change: (part: Partial<MixDraft>) => void;
  /** What is wrong with the weights. */
  error: string | null;
}

/** What most mixes leave as it is. */
function MoreOptions({ draft, change, error }: MoreOptionsProps) {
  const hasShards = draft.as.includes('shards') || draft.as.includes('sources');
  return (
    <details>
      <summary>Sampling, seed and licence</summary>
      <div className={page.form}>
        <div className={page.pair}>
          <NumberInput
            label="Images of an epoch"
            description="As many as there are if empty"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={draft.images}
            onChange={(images) => change({ images })}
          />
          <NumberInput
            label="Seed"
            description="Draws images and their order"
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            allowDecimal={false}
            value={draft.seed}
            error={draft.seed === '' && 'Give a number.'}
            onChange={(seed) => change({ seed })}
          />
        </div>
        <Textarea
          label="How often images may be drawn"
          description="On average in an epoch, one in each line, such as real = 2 or synthetic/gear = 0.5; once where nothing is said"
          autosize
          minRows={2}
          maxRows={8}
          value={draft.weights}
          error={error}
          onChange={(event) => change({ weights: event.currentTarget.value })}
        />
        <div className={page.pair}>
          <TextInput
            label="Licence"
            description="Goes into the mix"
            value={draft.licence}
            onChange={(event) => change({ licence: event.currentTarget.value })}
          />
          {hasShards && (
            <NumberInput
              label="Largest shard"
              description="In megabytes"
              min={0.001}
              value={draft.shardMegabytes}
              error={!(Number(draft.shardMegabytes) > 0) && 'Give more than 0.'}
              onChange={(shardMegabytes) => change({ shardMegabytes })}
            />
          )}
        </div>
      </div>
    </details>
  );
}

/** What the mix would hold, or why there can be none. */
function Planned({
  preview: { plan, belowFloor, problem },
  batchSize,
}: {
  preview: MixPreview;
  batchSize: number;
}) {
  return (
    <>
      {problem !== null && <p className={page.problem}>{withoutOptions(problem)}</p>}
      {plan && (
        <p className={page.hint}>
          {counted(plan.images, 'image')} in an epoch: {integer(plan.real)} real (
          {percent(plan.real / plan.images)}) and {integer(plan.images - plan.real)} synthetic. Any{' '}
          {integer(batchSize)} in a row hold at least {counted(plan.leastReal, 'real one')}.
        </p>
      )}
      {belowFloor !== null && <p className={page.problem}>{withoutOptions(belowFloor)}</p>}
    </>
  );
}

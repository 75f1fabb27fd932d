import { Button, NumberInput, Radio, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HandoutSummary } from '../../../rpc/contract/handouts.ts';
import { queueTitle, type QueueInfo } from '../../../rpc/contract/queue.ts';
import { PICTURES, type Pictures } from '../../../rpc/contract/terms.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { FolderField } from '../../parts/folder-field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { counted } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';

interface HandOutDialogProps {
  queue: QueueInfo;
  /** Of a hand-out that is recalled, and whose items these are. */
  instead: { handout: string; reviewer: string } | null;
  onClose: () => void;
}

/** Writes parts of a queue to files for reviewers on other machines. */
export function HandOutDialog({ queue, instead, onClose }: HandOutDialogProps) {
  const title = instead
    ? `Give the items of ${instead.reviewer} to somebody else`
    : `Hand out ${queueTitle(queue)}`;
  return (
    <FormModal
      opened
      onClose={onClose}
      title={title}
      size="md"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <HandOutForm queue={queue} instead={instead} onClose={onClose} />
    </FormModal>
  );
}

const PICTURE_WORDS: Record<Pictures, string> = {
  originals: 'The original pictures of their items',
  previews: 'Previews of at most 256 pixels, in a much smaller file',
};

function HandOutForm({ queue, instead, onClose }: HandOutDialogProps) {
  const { folder, accounts } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [names, setNames] = useState('');
  const [overlap, setOverlap] = useState(0);
  const [pictures, setPictures] = useState<Pictures>('originals');
  const [expires, setExpires] = useState('');
  const [to, setTo] = useState('');
  const named = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const make = useMutation({
    mutationFn: async (by: string) =>
      runTask(core, 'handout', {
        project: folder,
        by,
        queue: queue.id,
        to: named,
        overlap: named.length > 1 && queue.reviewers === 1 ? overlap / 100 : 0,
        pictures,
        expires: expires || null,
        instead: instead?.handout ?? null,
        folder: to,
      }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['handouts'] }),
  });
  const submit = async () => {
    const by = await askName();
    if (by !== null) make.mutate(by);
  };
  if (make.data) return <Written summary={make.data} onClose={onClose} />;
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput
        label="To whom"
        description="Names with commas between them: each gets a file with a share of the open items."
        value={names}
        onChange={(event) => setNames(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <div className={page.pair}>
        <NumberInput
          label="Overlap"
          description={
            queue.reviewers > 1
              ? `Every item goes to ${queue.reviewers} already.`
              : 'Items that two of them get, to be compared'
          }
          suffix=" %"
          min={0}
          max={100}
          disabled={queue.reviewers > 1 || named.length < 2}
          value={overlap}
          onChange={(value) => setOverlap(Math.min(100, Number(value) || 0))}
        />
        <TextInput
          label="Last day"
          description="No answers are taken after it"
          type="date"
          value={expires}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
      </div>
      <Radio.Group label="What they see" value={pictures} onChange={(value) => setPictures(value)}>
        <div className={page.form}>
          {PICTURES.map((kind) => (
            <Radio key={kind} value={kind} label={PICTURE_WORDS[kind]} />
          ))}
        </div>
      </Radio.Group>
      <FolderField label="Folder for the files" value={to} onChange={setTo} />
      <p className={page.hint}>
        {accounts
          ? 'Each file is sealed: the password of its reviewer opens it. '
          : 'The files are not encrypted: whoever has one can see its pictures. '}
        Known answers, scores and names of others are not in it.
      </p>
      {make.isError && <Failure error={make.error} />}
      <Button type="submit" loading={make.isPending} disabled={named.length === 0 || to === ''}>
        Write {counted(Math.max(1, named.length), 'file')}
      </Button>
    </form>
  );
}

function Written({ summary, onClose }: { summary: HandoutSummary; onClose: () => void }) {
  return (
    <div className={page.form} role="status">
      <ul className={page.plain}>
        {summary.handouts.map(({ handout, reviewer, items, file, bytes }) => (
          <li key={handout}>
            <strong>{reviewer}</strong>: {counted(items, 'item')}, {(bytes / 1e6).toFixed(1)} MB
            <br />
            <code className={page.mono}>{file}</code>
          </li>
        ))}
      </ul>
      <p className={page.hint}>
        {summary.overlapping > 0 && `${counted(summary.overlapping, 'item')} of them go to two. `}
        {summary.left > 0 && `${counted(summary.left, 'item')} still need somebody else. `}
        Send each its file. They open it in Assay, answer, and send a small file of answers back.
      </p>
      <Button onClick={onClose} data-autofocus>
        Close
      </Button>
    </div>
  );
}

import { Button, Modal, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HandoutOf } from '../../rpc/contract/handouts.ts';
import type { OpenProject } from '../../rpc/contract/projects.ts';
import { core } from '../client.ts';
import { CapsLock } from '../parts/caps-lock.tsx';
import { CopyText } from '../parts/copy-text.tsx';
import { counted, dateTime } from '../parts/format.ts';
import page from '../parts/page.module.css';
import { Failure } from '../parts/states.tsx';

/** In a hand-out: writes its answers to the file that goes back. */
export function SendBack({ project, handout }: { project: OpenProject; handout: HandoutOf }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)}>
        Send back …
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Send the answers back" size="md">
        <SendBackForm project={project} handout={handout} />
      </Modal>
    </>
  );
}

function SendBackForm({
  project: { folder, accounts },
  handout,
}: {
  project: OpenProject;
  handout: HandoutOf;
}) {
  const [password, setPassword] = useState('');
  const write = useMutation({
    mutationFn: () =>
      core.handouts.answers({ project: folder, by: handout.reviewer, ...(accounts && { password }) }),
    // Typed anew at every signing.
    onSettled: () => setPassword(''),
  });
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate();
      }}
    >
      <p className={page.hint}>
        Writes what {handout.reviewer} answered of queue {handout.queue} of {handout.project} to a small file
        without pictures. Send it to whoever gave you this hand-out; you can go on, and send it again.
        {handout.expires !== null && ` Answers count until ${dateTime(handout.expires)}.`}
      </p>
      {accounts && (
        <>
          <PasswordInput
            label="Your password, which signs them"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            data-autofocus
          />
          <CapsLock />
        </>
      )}
      {write.isError && <Failure error={write.error} />}
      {write.data && (
        <div role="status">
          <p>
            {write.data.answered} of {counted(write.data.items, 'item')} answered.
          </p>
          <CopyText label="Send this file" text={write.data.file} />
        </div>
      )}
      <Button type="submit" loading={write.isPending} disabled={accounts && password === ''}>
        Write the file
      </Button>
    </form>
  );
}

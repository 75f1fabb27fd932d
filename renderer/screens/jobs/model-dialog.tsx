import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useStartJob } from '../../jobs.ts';
import { ModelSelect } from '../../parts/model-select.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';

interface ModelDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Lets the project work with another embedder, by a job that embeds every image again. */
export function ModelDialog({ opened, onClose }: ModelDialogProps) {
  const { folder } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const [model, setModel] = useState<string | null>(null);
  const submit = async () => {
    const by = await askName();
    if (by === null || model === null) return;
    start.mutate({ kind: 'embed', input: { project: folder, by, model } }, { onSuccess: onClose });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Work with another model" size="md">
      <form
        className={page.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ModelSelect
          label="Model"
          description="Every image is embedded again from its original. A stopped job goes on where it was. Until it is done the project works with the model it has; earlier runs stay."
          unchosen="Choose a model"
          value={model}
          onChange={setModel}
        />
        {start.isError && <Failure error={start.error} />}
        <Button type="submit" loading={start.isPending} disabled={model === null}>
          Embed every image
        </Button>
      </form>
    </Modal>
  );
}

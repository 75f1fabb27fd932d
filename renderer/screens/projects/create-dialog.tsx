import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import { FolderField } from '../../parts/folder-field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { joinPath } from '../../parts/format.ts';
import { ModelSelect } from '../../parts/model-select.tsx';
import { Failure } from '../../parts/states.tsx';
import { useAskName } from '../../shell/name.tsx';
import page from '../../parts/page.module.css';
import classes from './projects-screen.module.css';

interface CreateDialogProps {
  home: string;
  opened: boolean;
  onClose: () => void;
  onCreated: (folder: string) => void;
}

export function CreateDialog({ home, opened, onClose, onCreated }: CreateDialogProps) {
  return (
    <FormModal opened={opened} onClose={onClose} title="New project" size="md">
      <CreateForm home={home} onCreated={onCreated} />
    </FormModal>
  );
}

function CreateForm({ home, onCreated }: Pick<CreateDialogProps, 'home' | 'onCreated'>) {
  const askName = useAskName();
  const [name, setName] = useState('');
  const [parent, setParent] = useState(home === '' ? '' : joinPath(home, 'Assay'));
  const [model, setModel] = useState<string | null>(null);
  const create = useMutation({
    mutationFn: (of: { project: string; by: string; model: string | null }) => core.projects.create(of),
    onSuccess: ({ folder }) => onCreated(folder),
  });
  const trimmed = name.trim();
  const project = joinPath(parent, `${trimmed.replace(/\.assay$/, '')}.assay`);
  const hasSeparator = /[/\\]/.test(trimmed);
  const submit = async () => {
    const by = await askName();
    if (by !== null) create.mutate({ project, by, model });
  };
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={hasSeparator && 'A name, not a path: choose the place below.'}
        data-autofocus
        autoComplete="off"
      />
      <FolderField label="In the folder" value={parent} onChange={setParent} />
      <p className={classes.hint}>{trimmed !== '' && !hasSeparator && project}</p>
      <ModelSelect
        label="Model that compares images"
        description="Can be changed later, on the screen of jobs."
        unchosen="The default one"
        value={model}
        onChange={setModel}
      />
      {create.isError && <Failure error={create.error} />}
      <Button
        type="submit"
        loading={create.isPending}
        disabled={trimmed === '' || parent === '' || hasSeparator}
      >
        Create
      </Button>
    </form>
  );
}

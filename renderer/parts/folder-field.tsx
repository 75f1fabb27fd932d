import { Button, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { host } from '../host.ts';
import { FolderDialog } from './folder-dialog.tsx';
import { whenPicked } from './pick-path.ts';
import classes from './folder-dialog.module.css';

interface FolderFieldProps {
  wanted?: 'folder' | 'file';
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value: string;
  onChange: (path: string) => void;
}

/** A folder or a file, typed or chosen: in the system's dialog where there is one. */
export function FolderField({
  label,
  wanted = 'folder',
  description,
  error,
  value,
  onChange,
}: FolderFieldProps) {
  const [isChoosing, setChoosing] = useState(false);
  const choose = () => {
    if (!host) return setChoosing(true);
    whenPicked(wanted === 'file' ? host.pickFile(label) : host.pickFolder(label), onChange);
  };
  return (
    <div className={classes.field}>
      <TextInput
        className={classes.input}
        label={label}
        description={description}
        error={error}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Button variant="default" onClick={choose} aria-label={`Choose: ${label}`}>
        Choose …
      </Button>
      <FolderDialog
        title={label}
        opened={isChoosing}
        wanted={wanted}
        start={null}
        onClose={() => setChoosing(false)}
        onChoose={(path) => {
          setChoosing(false);
          onChange(path);
        }}
      />
    </div>
  );
}

import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface ConfirmDialogProps {
  title: string;
  action: string;
  children: ReactNode;
  onCancel: () => void;
  onConfirm: () => void;
}

export function ConfirmDialog({ title, action, children, onCancel, onConfirm }: ConfirmDialogProps) {
  return (
    <Modal opened onClose={onCancel} title={title} size="sm" transitionProps={{ duration: 0 }}>
      <p>{children}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button data-autofocus onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}

import { Button, Group, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

/** Asks before the screen is left, or the window closed, with box edits that are not saved. */
export function LeaveDialog({ isUnsaved, onStay }: { isUnsaved: boolean; onStay: () => void }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isUnsaved,
    enableBeforeUnload: () => isUnsaved,
    withResolver: true,
  });
  const stay = () => {
    reset?.();
    onStay();
  };
  return (
    <Modal
      opened={status === 'blocked'}
      onClose={stay}
      returnFocus={false}
      title="The boxes are changed and not saved"
      size="sm"
      transitionProps={{ duration: 0 }}
    >
      <p>Stay to save them with Enter, or leave and drop the changes.</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => proceed?.()}>
          Leave and drop them
        </Button>
        <Button data-autofocus onClick={stay}>
          Stay
        </Button>
      </Group>
    </Modal>
  );
}

import { Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** Puts the address on the clipboard; false where that is not allowed. */
export async function copyLink(): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(window.location.href);
    notifications.show({ message: 'Link copied: it opens this filter, order and view.', color: 'accent' });
    return true;
  } catch {
    return false;
  }
}

/** The address to copy by hand. */
export function LinkDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Link to this view" transitionProps={{ duration: 0 }}>
      <TextInput
        label="Copy it from here"
        readOnly
        data-autofocus
        value={window.location.href}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Modal>
  );
}

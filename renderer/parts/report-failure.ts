import { notifications } from '@mantine/notifications';
import { messageOf } from './states.tsx';

/** Says that something failed which has no place of its own on the screen. */
export function reportFailure(title: string, error: unknown): void {
  notifications.show({ title, message: messageOf(error), color: 'red', autoClose: 12_000 });
}

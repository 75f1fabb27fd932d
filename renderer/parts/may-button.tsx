import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';
import type { Permission } from '../../rpc/contract/people.ts';
import { useWhyNot } from '../who-acts.ts';

type MayButtonProps = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & { needs: Permission };

/** A button for those who may do what it does; for others it rests, and says why on hover. */
export function MayButton({ needs, disabled, title, ...props }: MayButtonProps) {
  const why = useWhyNot()(needs);
  return <Button {...props} disabled={(disabled ?? false) || why !== null} title={why ?? title} />;
}

import { memo, type MouseEvent, type ReactNode } from 'react';
import classes from './answer-bar.module.css';

interface KeyButtonProps {
  /** As it is printed on the keyboard. */
  keyLabel: string;
  children: ReactNode;
  onPress: (event: MouseEvent<HTMLButtonElement>) => void;
  disabled?: boolean;
  /** The answer that stands, or the class that the image has now. */
  isMarked?: boolean;
  tone?: 'plain' | 'good' | 'bad';
}

/** A button with its key on it. Pressed with the mouse, it leaves the focus where it was. */
export const KeyButton = memo(function KeyButton({
  keyLabel,
  children,
  onPress,
  disabled = false,
  isMarked,
  tone = 'plain',
}: KeyButtonProps) {
  return (
    <button
      type="button"
      className={classes.button}
      data-tone={tone}
      aria-pressed={isMarked}
      disabled={disabled}
      aria-keyshortcuts={keyLabel || undefined}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <span className={classes.words}>{children}</span>
      {keyLabel && (
        <kbd className={classes.key} aria-hidden>
          {keyLabel.replace('Shift+', '⇧')}
        </kbd>
      )}
    </button>
  );
});

import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { announce } from './announce.tsx';
import page from './page.module.css';

/** A text that people carry elsewhere, such as a hash, with a button that copies it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className={page.row}>
      <span className={page.hint}>{label}</span>
      <code className={page.mono}>{text}</code>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`Copy: ${label}`}
        onClick={() => {
          clipboard.copy(text);
          announce('Copied');
        }}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

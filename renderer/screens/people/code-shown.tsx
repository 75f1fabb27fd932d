import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { OneTimeCode } from '../../../rpc/contract/people.ts';
import { dateTime } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './people.module.css';

/** A code, this once: nobody can look it up again. */
export function CodeShown({
  code: { person, code, until },
  onClose,
}: {
  code: OneTimeCode;
  onClose: () => void;
}) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className={page.form}>
      <p className={page.hint}>
        Give this code to <b>{person}</b> yourself. It opens the account once, under “I have a code”, until{' '}
        {dateTime(until)}. It is shown only now: whoever loses it is reset and gets another one.
      </p>
      <output className={classes.code} aria-label={`Code for ${person}`}>
        {code}
      </output>
      <div className={page.row}>
        <Button variant="default" onClick={() => clipboard.copy(code)}>
          {clipboard.copied ? 'Copied' : 'Copy the code'}
        </Button>
        <Button onClick={onClose} data-autofocus>
          I have given it
        </Button>
      </div>
    </div>
  );
}

import { useRef, useState } from 'react';
import type { RejectReasonEntry } from '../../../rpc/contract/terms.ts';
import { useRejectReasons } from '../../parts/reject-reasons.tsx';
import { useActionOf } from '../../parts/use-keys.ts';
import type { Answer } from './answers.ts';

interface RejectingProps {
  onReject: (answer: Answer, at: number) => void;
  /** Back to the picture, with nothing said. */
  onLeave: () => void;
  /** Where the keys are meant for: the picture. */
  onFocus: () => void;
}

/** A reject on its way: which reason, with which words. The words go with any other judgement too. */
export function useRejecting({ onReject, onLeave, onFocus }: RejectingProps) {
  const reasons = useRejectReasons();
  const actionOf = useActionOf();
  const [comment, setComment] = useState('');
  /** The reason is `other`, and what it is has still to be said. */
  const [asksOther, setAsksOther] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const words = comment.trim();
  const clear = () => {
    setComment('');
    setAsksOther(false);
  };
  const pick = ({ id }: RejectReasonEntry, at: number) => {
    if (id === 'other' && words === '') {
      setAsksOther(true);
      field.current?.focus();
      return;
    }
    const reason = id === 'other' ? `other: ${words}` : id;
    onReject({ verdict: 'reject', reason, ...(words !== '' && id !== 'other' && { comment: words }) }, at);
  };
  return {
    reasons,
    comment,
    setComment,
    asksOther,
    field,
    pick,
    clear,
    words,
    /** Enter in the field: with `other` that is the reason; else the keys are the reasons' again. */
    done: (at: number) => {
      if (asksOther && words !== '') onReject({ verdict: 'reject', reason: `other: ${words}` }, at);
      else if (!asksOther) onFocus();
    },
    /** Escape in the field. */
    drop: () => {
      clear();
      onFocus();
    },
    leave: onLeave,
    focus: () => field.current?.focus(),
    /** What a key does while a reason is asked for. True for every key that must not answer the item by mistake. */
    key: (event: KeyboardEvent): boolean => {
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
      const index = event.code === 'Enter' ? 0 : digit === undefined ? -1 : (Number(digit) + 9) % 10;
      const reason = event.shiftKey ? undefined : reasons[index];
      if (reason) pick(reason, event.timeStamp);
      else if (event.code === 'Escape' || event.code === 'Backspace') onLeave();
      else if (actionOf(event) === 'comment') field.current?.focus();
      // The browser keeps its own keys.
      return !event.ctrlKey && !event.metaKey && !event.altKey && !/^(Tab|F\d+)$/.test(event.code);
    },
  };
}

export type Rejecting = ReturnType<typeof useRejecting>;

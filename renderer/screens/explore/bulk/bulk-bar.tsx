import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { VERDICT_WORDS } from '../../../../rpc/contract/terms.ts';
import { counted, integer } from '../../../parts/format.ts';
import { useRejectReasons } from '../../../parts/reject-reasons.tsx';
import { messageOf } from '../../../parts/states.tsx';
import { useWhyNot } from '../../../who-acts.ts';
import { useKeyLabel } from '../../../parts/use-keys.ts';
import { AskPopover } from './ask-popover.tsx';
import classes from './bulk-bar.module.css';
import { isTagging, type BulkAct, type SaveState } from './use-bulk.ts';

interface BulkBarProps {
  count: number;
  isWholeView: boolean;
  labels: readonly string[];
  /** Tags of the project. */
  tags: readonly string[];
  save: SaveState;
  /** Which question is open; the keys open them too. */
  asking: Asking;
  /** Waits for a yes, since it is about very many. */
  confirming: BulkAct | null;
  onAsk: (asking: Asking) => void;
  /** Compares the chosen images; null where they are not two. */
  onCompare: (() => void) | null;
  onAct: (act: BulkAct) => void;
  onConfirm: (act: BulkAct) => void;
  onCancel: () => void;
  onUndo: () => void;
  onDismiss: () => void;
  onClear: () => void;
}

export type Asking = 'label' | 'reason' | 'tag' | 'untag' | null;

/** From this many images on, a click asks for confirmation; below, undo is enough. */
export const CONFIRMED_FROM = 50;

/** What can be done with the chosen images, and what was done last and is saved. */
export function BulkBar(props: BulkBarProps) {
  const { count, isWholeView, labels, tags, save, asking, confirming, onAsk, onAct } = props;
  const keyLabel = useKeyLabel();
  const reasons = useRejectReasons();
  const isBusy = save.state === 'saving';
  const whyNot = useWhyNot();
  const [noDecision, noTag] = [whyNot('judge'), whyNot('review')];
  return (
    <div className={classes.bar} role="toolbar" aria-label="Chosen images">
      {count === 0 && save.state === 'idle' && (
        <span className={classes.hint}>
          Nothing chosen. Click, <Key>Shift</Key> click for a range, <Key>Ctrl</Key> click for one more,{' '}
          <Key>{keyLabel('choose-all')}</Key> for the whole view.
        </span>
      )}
      {count > 0 && (
        <>
          <strong className={classes.count}>
            {isWholeView ? `All ${counted(count, 'image')}` : `${integer(count)} chosen`}
          </strong>
          <button
            type="button"
            className={classes.dismiss}
            aria-label="Choose nothing"
            title="Choose nothing (Esc)"
            onClick={props.onClear}
          >
            ×
          </button>
          <Button
            variant="default"
            disabled={isBusy || noDecision !== null}
            title={noDecision ?? undefined}
            onClick={() => onAct({ verdict: 'accept' })}
          >
            Accept <Key>{keyLabel('accept')}</Key>
          </Button>
          <AskPopover
            isOpen={asking === 'label'}
            label="New label"
            choices={labels}
            allowsOther={false}
            onOpen={(isOpen) => onAsk(isOpen ? 'label' : null)}
            onPick={(label) => onAct({ verdict: 'relabel', label })}
          >
            <Button
              variant="default"
              disabled={isBusy || noDecision !== null}
              title={noDecision ?? undefined}
              onClick={() => onAsk(asking === 'label' ? null : 'label')}
            >
              Relabel … <Key>{keyLabel('relabel')}</Key>
            </Button>
          </AskPopover>
          <AskPopover
            isOpen={asking === 'reason'}
            label="Reason"
            choices={reasons.map(({ title }) => title)}
            allowsOther
            onOpen={(isOpen) => onAsk(isOpen ? 'reason' : null)}
            onPick={(reason) => onAct({ verdict: 'reject', reason })}
          >
            <Button
              variant="default"
              disabled={isBusy || noDecision !== null}
              title={noDecision ?? undefined}
              onClick={() => onAsk(asking === 'reason' ? null : 'reason')}
            >
              Reject … <Key>{keyLabel('reject')}</Key>
            </Button>
          </AskPopover>
          <AskPopover
            isOpen={asking === 'tag' || asking === 'untag'}
            label={asking === 'untag' ? 'Tag to take off' : 'Tag'}
            choices={tags}
            allowsOther={asking !== 'untag'}
            onOpen={(isOpen) => onAsk(isOpen ? 'tag' : null)}
            onPick={(tag) => onAct({ tag, off: asking === 'untag' })}
            foot={
              tags.length > 0 && (
                <button
                  type="button"
                  className={classes.other}
                  // The words stay where the keys go.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => onAsk(asking === 'untag' ? 'tag' : 'untag')}
                >
                  {asking === 'untag' ? 'Put one on instead' : 'Take one off instead'}
                  <Key>{keyLabel(asking === 'untag' ? 'tag' : 'untag')}</Key>
                </button>
              )
            }
          >
            <Button
              variant="default"
              disabled={isBusy || noTag !== null}
              title={noTag ?? undefined}
              onClick={() => onAsk(asking === 'tag' || asking === 'untag' ? null : 'tag')}
            >
              Tag … <Key>{keyLabel('tag')}</Key>
            </Button>
          </AskPopover>
        </>
      )}
      {props.onCompare && (
        <Button variant="default" onClick={props.onCompare}>
          Compare <Key>{keyLabel('compare')}</Key>
        </Button>
      )}
      <span className={classes.saved} role="status" data-state={save.state}>
        {save.state === 'saving' && `${save.words} …`}
        {save.state === 'saved' && (
          <>
            <span aria-hidden className={classes.tick}>
              ✓
            </span>
            <span className={classes.words}>{save.words}. Saved.</span>
            {save.canUndo && (
              <Button variant="subtle" className={classes.fixed} onClick={props.onUndo}>
                Undo
              </Button>
            )}
          </>
        )}
        {save.state === 'failed' && (
          <span className={`${classes.words} ${classes.failed}`} title={messageOf(save.error)}>
            {save.words}. {messageOf(save.error)}
          </span>
        )}
        {(save.state === 'failed' || save.state === 'saved') && (
          <button
            type="button"
            className={classes.dismiss}
            aria-label="Dismiss the message"
            onClick={props.onDismiss}
          >
            ×
          </button>
        )}
      </span>
      {confirming && isTagging(confirming) && (
        <ConfirmDialog
          title={`${confirming.off ? 'Take a tag off' : 'Tag'} ${counted(count, 'image')}?`}
          action={`${confirming.off ? 'Untag' : 'Tag'} ${integer(count)}`}
          onCancel={props.onCancel}
          onConfirm={() => props.onConfirm(confirming)}
        >
          {isWholeView ? 'Every image of the view' : 'Every chosen image'} {confirming.off ? 'loses' : 'gets'}{' '}
          the tag “{confirming.tag}”. It goes on the record under your name and can be undone as a whole.
        </ConfirmDialog>
      )}
      {confirming && !isTagging(confirming) && (
        <ConfirmDialog
          title={`${VERDICT_WORDS[confirming.verdict].act} ${counted(count, 'image')}?`}
          action={`${VERDICT_WORDS[confirming.verdict].act} ${integer(count)}`}
          onCancel={props.onCancel}
          onConfirm={() => props.onConfirm(confirming)}
        >
          {isWholeView ? 'Every image of the view is decided' : 'The chosen images are decided'} in one act
          {confirming.label === undefined ? '' : `, to the label “${confirming.label}”`}
          {confirming.reason === undefined ? '' : `, with the reason “${confirming.reason}”`}. It goes on the
          record under your name and can be undone as a whole. It is no answer in a queue: Review goes on
          asking for its items, and the audit counts only what is answered there.
        </ConfirmDialog>
      )}
    </div>
  );
}

function Key({ children }: { children: ReactNode }) {
  return <kbd className={classes.key}>{children}</kbd>;
}

interface ConfirmDialogProps {
  title: string;
  action: string;
  children: ReactNode;
  onCancel: () => void;
  onConfirm: () => void;
}

function ConfirmDialog({ title, action, children, onCancel, onConfirm }: ConfirmDialogProps) {
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

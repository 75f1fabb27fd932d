import { Button, Modal } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import classes from './trail.module.css';

/** One event exactly as it is recorded. */
export function EventDialog({ seq, onClose }: { seq: number; onClose: () => void }) {
  const { folder, by } = useProject();
  const event = useQuery({
    queryKey: ['trail', folder, by, 'event', seq],
    queryFn: () => core.trail.event({ project: folder, by: by || 'unnamed', seq }),
    staleTime: Infinity,
  });
  return (
    <Modal opened onClose={onClose} title={`Event ${seq}`} size="xl">
      {event.isPending && <Loading label="Reading the record" />}
      {event.isError && <Failure error={event.error} retry={() => void event.refetch()} />}
      {event.data && (
        <div className={page.stack}>
          <CopyText label="Hash" text={event.data.hash} />
          <CopyText label="Hash of the event before" text={event.data.previousHash} />
          <Block title="What it says" text={JSON.stringify(event.data.body, null, 2)} />
          <Block title="The line whose sha256 is its hash" text={event.data.line} />
        </div>
      )}
    </Modal>
  );
}

function Block({ title, text }: { title: string; text: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <section>
      <div className={page.spread}>
        <h3 className={page.subtitle}>{title}</h3>
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Copy: ${title}`}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {/* It scrolls, so the keys must reach it. */}
      <pre className={classes.block} tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}

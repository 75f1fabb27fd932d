import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Guideline } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { dateTime } from '../../parts/format.ts';
import { Markdown } from '../../parts/markdown.tsx';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { useGuidelines, usePeopleAct } from './use-people.ts';

/** The guideline in force, those before it, and the way to publish the next one. */
export function Guidelines() {
  const { writable } = useProject();
  const guidelines = useGuidelines();
  const [writes, setWrites] = useState(false);
  if (guidelines.isError) return <Failure error={guidelines.error} retry={() => void guidelines.refetch()} />;
  if (!guidelines.data) return <Loading label="Reading the guidelines" />;
  const [current, ...earlier] = guidelines.data;
  return (
    <div className={page.stack}>
      {writes ? (
        <Publish text={current?.text ?? ''} onDone={() => setWrites(false)} />
      ) : (
        <section className={`${page.card} ${page.stack}`} aria-label="The guideline in force">
          <div className={page.spread}>
            <p className={page.hint}>
              {current
                ? `In force since ${dateTime(current.at)}, published by ${current.by}. Every decision is on record with the guideline that was in force.`
                : 'No guideline is published yet. It says how images are judged here, and every decision is on record with the one in force.'}
            </p>
            <MayButton needs="manage" disabled={!writable} onClick={() => setWrites(true)}>
              {current ? 'Publish a new one …' : 'Publish a guideline …'}
            </MayButton>
          </div>
          {current && (
            <>
              <Markdown text={current.text} />
              <CopyText label="sha256" text={current.sha256} />
            </>
          )}
        </section>
      )}
      {earlier.map((guideline) => (
        <Earlier key={guideline.seq} guideline={guideline} />
      ))}
    </div>
  );
}

function Earlier({ guideline: { text, at, by, sha256 } }: { guideline: Guideline }) {
  return (
    <details className={page.card}>
      <summary>
        Published {dateTime(at)} by {by} ({sha256.slice(0, 8)})
      </summary>
      <Markdown text={text} />
      <CopyText label="sha256" text={sha256} />
    </details>
  );
}

function Publish({ text: before, onDone }: { text: string; onDone: () => void }) {
  const { folder } = useProject();
  const askName = useAskName();
  const [text, setText] = useState(before);
  const publish = usePeopleAct(
    async () => {
      const by = await askName();
      return by === null ? null : core.people.publishGuideline({ project: folder, by, text });
    },
    (done) => done && onDone(),
  );
  return (
    <form
      className={`${page.card} ${page.stack}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!publish.isPending) publish.mutate();
      }}
    >
      <div className={page.columns}>
        <Textarea
          label="Guideline"
          description="Markdown. In force for every decision from here on; where training is asked for, people need it anew."
          autosize
          minRows={10}
          maxRows={28}
          autoFocus
          maxLength={200_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div>
          <span className={page.fieldLabel}>As it is shown</span>
          <Markdown text={text} />
        </div>
      </div>
      {publish.isError && <Failure error={publish.error} />}
      <div className={page.row}>
        <Button type="submit" loading={publish.isPending} disabled={text.trim() === '' || text === before}>
          Publish
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

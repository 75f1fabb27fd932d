import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import {
  contradictions,
  questionNumber,
  SUITABILITY_VERDICTS,
  type SuitabilityRecord,
} from '../../../../rpc/contract/suitability.ts';
import { counted, listed } from '../../../../rpc/format.ts';
import { core } from '../../../client.ts';
import { CopyText } from '../../../parts/copy-text.tsx';
import { dateTime } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { Failure, Loading } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import strategy from '../strategy.module.css';
import { QuestionSection } from './question-section.tsx';
import classes from './suitability.module.css';
import { useSuitability } from './use-suitability.ts';

/** Six questions on the task, each with its answer beside what the project shows, and what follows from them. */
export function SuitabilityPage() {
  const { data, isPending, isError, error, refetch } = useSuitability();
  return (
    <QuestionPage title="Suitability of the task">
      {isPending && <Loading label="Reading what the project shows" />}
      {isError && <Failure error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <VerdictCard record={data} />
          {data.questions.map((question) => (
            <QuestionSection key={question.id} question={question} />
          ))}
        </>
      )}
    </QuestionPage>
  );
}

function VerdictCard({ record }: { record: SuitabilityRecord }) {
  const { project, version, changedAt, verdict } = record;
  const against = contradictions(record);
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="Verdict">
      <p className={classes.paper}>Project {project}</p>
      <p className={classes.verdict} data-level={SUITABILITY_VERDICTS[verdict.kind].level}>
        {verdict.title}
      </p>
      <p className={strategy.words}>{verdict.text}</p>
      {against.length > 0 && (
        <p className={`${strategy.words} ${strategy.warn}`}>
          {against.length === 1 ? 'The answer' : 'The answers'} to{' '}
          {listed(against.map((id) => String(questionNumber(id))))} {against.length === 1 ? 'is' : 'are'}{' '}
          against what the project shows.
        </p>
      )}
      <div className={page.spread}>
        <p className={page.hint}>
          {version === 0
            ? 'No answer is on record.'
            : `${counted(version, 'answer')} on record, the newest of ${dateTime(changedAt!)}.`}
        </p>
        <Papers />
      </div>
    </section>
  );
}

/** The record on paper, and as files for those who have no Assay. */
function Papers() {
  const { folder } = useProject();
  const save = useMutation({ mutationFn: () => core.suitability.save({ project: folder }) });
  return (
    <div className={classes.papers}>
      <Button variant="default" onClick={() => window.print()}>
        Print …
      </Button>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        Save as page and JSON
      </Button>
      {save.isError && <Failure error={save.error} />}
      {save.data?.[0] !== undefined && <CopyText label="Saved" text={save.data[0]} />}
    </div>
  );
}

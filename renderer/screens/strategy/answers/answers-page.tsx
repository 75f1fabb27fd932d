import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answersWords, places } from '../../../../rpc/contract/answer-words.ts';
import type { AnswersReport } from '../../../../rpc/contract/answers.ts';
import { errorCode } from '../../../../rpc/errors.ts';
import { Card } from '../../../parts/card.tsx';
import { Fact } from '../../../parts/fact.tsx';
import { integer, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { PictureViewer } from '../../../parts/picture-viewer.tsx';
import { Empty, Failure, Loading, messageOf } from '../../../parts/states.tsx';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import { projectParams, useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import strategy from '../strategy.module.css';
import { isCompared, pictureOf } from './pictures.ts';
import { Scatter } from './scatter.tsx';
import { SplitCard } from './split-card.tsx';
import { useAnswers } from './use-answers.ts';
import classes from './answers.module.css';

/** How people answered where several did, against how sure the model is. */
export function AnswersPage() {
  const { folder } = useProject();
  const { data, isPending, isError, error, refetch } = useAnswers();
  return (
    <QuestionPage title="People’s answers">
      {isPending && <Loading label="Counting answers" />}
      {isError &&
        (['NOT_READY', 'NOT_ALLOWED'].includes(errorCode(error) ?? '') ? (
          <Empty
            title="Nothing to show here yet"
            body={messageOf(error)}
            action={
              <Link to="/p/$folder/overview" params={projectParams(folder)}>
                To the overview, where queues are made
              </Link>
            }
          />
        ) : (
          <Failure error={error} retry={() => void refetch()} />
        ))}
      {data && <Answered report={data} />}
    </QuestionPage>
  );
}

function Answered({ report }: { report: AnswersReport }) {
  const { split, compared } = report;
  return (
    <>
      <section className={`${page.card} ${page.stack}`} aria-label="What it comes to">
        {answersWords(report).map((line) => (
          <p key={line} className={strategy.words}>
            {line}
          </p>
        ))}
      </section>
      {compared.images > 0 && (
        <>
          <Plot report={report} />
          <div className={page.columns}>
            <SplitCard
              id="people-split"
              title="People differ, the model is sure"
              hint="The model may have learnt one of several right answers, or people slip."
              split={split.people}
            />
            <SplitCard
              id="model-split"
              title="People agree, the model is unsure"
              hint="More training images like these would tell it what people know."
              split={split.model}
            />
          </div>
        </>
      )}
      <Weights weighting={report.weighting} />
    </>
  );
}

function Plot({ report: { shown, images, compared, split, splitAt } }: { report: AnswersReport }) {
  const [at, setAt] = useState<number | null>(null);
  const points = shown.filter(isCompared);
  return (
    <Card id="answers-plot" title="People against the model" isStack>
      <div className={classes.sides}>
        <Scatter images={points} splitAt={splitAt} onOpen={setAt} />
        <div className={page.stack}>
          <p className={page.hint}>
            Entropy over the logarithm of the number of classes: 0 is one answer, 1 all classes alike. From
            the lines on ({places(splitAt)}) it is at least that of two against one.
            {shown.length < images &&
              ` ${integer(points.length)} of ${integer(compared.images)} images are drawn, at random.`}
          </p>
          <dl className={page.facts}>
            <Fact name="Both split" value={integer(split.both)} />
            <Fact name="People alone" value={integer(split.people.images)} />
            <Fact name="Model alone" value={integer(split.model.images)} />
            <Fact name="Neither" value={integer(split.neither)} />
          </dl>
          <div className={page.row}>
            <Button variant="default" onClick={() => setAt(0)}>
              Look at them one by one
            </Button>
          </div>
        </div>
      </div>
      <PictureViewer
        title="Answered by several people"
        pictures={points.map(pictureOf)}
        at={at}
        onMove={setAt}
        onClose={() => setAt(null)}
      />
    </Card>
  );
}

/** Whose answers count for how much. */
function Weights({ weighting: { reviewers } }: Pick<AnswersReport, 'weighting'>) {
  return (
    <Card id="answers-quality" title="Quality that weights the counts">
      <p className={page.hint}>
        As the agreement of each queue states it: how well somebody’s answers fit what others and the model
        said. Where people rightly differ, it leans to the majority.
      </p>
      <table className={page.table}>
        <TableHead columns={['Annotator', 'Queue', figures('Quality')]} />
        <tbody>
          {reviewers.map(({ queue, reviewer, quality }) => (
            <tr key={`${queue} ${reviewer}`}>
              <td>{reviewer}</td>
              <td>{queue ?? 'outside a queue'}</td>
              <td className={page.number}>{quality === null ? 'unknown' : percent(quality, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

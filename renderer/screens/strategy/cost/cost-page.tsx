import { Button, Checkbox, NumberInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import {
  breakEvenWords,
  drawsWords,
  imagesWords,
  money,
  nextWords,
  savingWords,
  scopeWords,
} from '../../../../rpc/contract/cost-words.ts';
import {
  COST_LINES,
  COST_WAYS,
  COST_WAY_IDS,
  type Amount,
  type CostReport,
  type CostWay,
  type CostWayId,
} from '../../../../rpc/contract/costs.ts';
import { errorCode } from '../../../../rpc/errors.ts';
import { integer } from '../../../../rpc/format.ts';
import { core } from '../../../client.ts';
import { Card } from '../../../parts/card.tsx';
import { CopyText } from '../../../parts/copy-text.tsx';
import page from '../../../parts/page.module.css';
import { Failure, Loading, messageOf } from '../../../parts/states.tsx';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import { useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import strategy from '../strategy.module.css';
import { InputsCard } from './inputs-card.tsx';
import { Tornado } from './tornado.tsx';
import { useCosts, type CostQuestion } from './use-costs.ts';
import { VolumeCurve } from './volume-curve.tsx';
import { WayBars } from './way-bars.tsx';
import classes from './cost.module.css';

const TYPING_MS = 400;
const asked = (typed: number | string): number | null => (typed === '' ? null : Number(typed));

/** What the images cost by hand, raw synthetic and reviewed, from which volume review pays, and on what numbers that rests. */
export function CostPage() {
  const [images, setImages] = useState<number | string>('');
  const [months, setMonths] = useState<number | string>('');
  const [compare, setCompare] = useState(false);
  const [typed] = useDebouncedValue({ images, months }, TYPING_MS);
  const question: CostQuestion = { images: asked(typed.images), months: asked(typed.months), compare };
  const costs = useCosts(question);
  const isEmpty = costs.isError && errorCode(costs.error) === 'NOT_READY';
  // What was asked before is no answer to a question that was refused.
  const report = costs.isError ? undefined : costs.data;
  const ofInputs = report?.inputs.find(({ input }) => input === 'months');
  return (
    <QuestionPage title="Cost">
      <section className={`${page.card} ${page.spread}`} aria-label="What is asked about">
        <div className={classes.question}>
          <NumberInput
            label="Generated images"
            placeholder={
              report?.images.origin === 'counted'
                ? `${integer(report.images.count)} here`
                : 'as in the project'
            }
            min={1}
            max={1e12}
            allowDecimal={false}
            thousandSeparator=","
            value={images}
            onChange={setImages}
          />
          <NumberInput
            label="Months"
            placeholder={
              ofInputs && ofInputs.origin !== 'asked'
                ? `${(ofInputs.low + ofInputs.high) / 2}, as below`
                : 'as set'
            }
            min={0}
            max={1200}
            value={months}
            onChange={setMonths}
          />
        </div>
        <Save question={question} disabled={!report} />
      </section>
      {costs.isPending && <Loading label="Counting costs" />}
      {isEmpty && <p className={page.problem}>{messageOf(costs.error)}</p>}
      {costs.isError && !isEmpty && <Failure error={costs.error} retry={() => void costs.refetch()} />}
      {report && (
        <>
          <Totals report={report} />
          <Card id="cost-volume" title="Cost against volume" isStack>
            <p className={strategy.words}>{breakEvenWords(report.breakEven)}</p>
            <VolumeCurve report={report} />
          </Card>
          <Card id="cost-drivers" title="What moves the saving most" isStack>
            <p className={strategy.words}>{savingWords(report)}</p>
            <Tornado report={report} />
          </Card>
          <Card id="cost-next" title="One more per cent" isStack>
            {nextWords(report, compare).map((line) => (
              <p key={line} className={strategy.words}>
                {line}
              </p>
            ))}
            <Checkbox
              label="Ask the policies too what it finds: takes a while in a large project"
              checked={compare}
              onChange={(event) => setCompare(event.currentTarget.checked)}
            />
          </Card>
          <InputsCard report={report} />
          <p className={page.hint}>{drawsWords(report)}</p>
        </>
      )}
    </QuestionPage>
  );
}

function Totals({ report }: { report: CostReport }) {
  const { ways } = report;
  const of = (amount: (way: CostWay) => Amount | null): Record<CostWayId, Amount | null> => ({
    human: amount(ways.human),
    raw: amount(ways.raw),
    hybrid: amount(ways.hybrid),
  });
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="Totals">
      <p className={strategy.words}>
        {scopeWords(report)} {imagesWords(report)}
      </p>
      <div className={page.columns}>
        <div className={page.stack}>
          <h2 className={page.subtitle}>In all</h2>
          <WayBars amounts={of(({ total }) => total)} none="–" />
        </div>
        <div className={page.stack}>
          <h2 className={page.subtitle}>Per verified image</h2>
          <WayBars amounts={of(({ perVerified }) => perVerified)} none="none is verified" />
        </div>
      </div>
      <details className={page.hint}>
        <summary>What each total is made of</summary>
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead columns={['', ...COST_WAY_IDS.map((way) => figures(COST_WAYS[way].title))]} />
            <tbody>
              {COST_LINES.map(({ id, title }) => (
                <tr key={id}>
                  <th scope="row">{title}</th>
                  {COST_WAY_IDS.map((way) => {
                    const line = ways[way].lines.find((one) => one.id === id);
                    return (
                      <td key={way} className={page.number}>
                        {line
                          ? `${money(line.middle)}${line.least === line.most ? '' : ` (${money(line.least)} to ${money(line.most)})`}`
                          : '–'}
                      </td>
                    );
                  })}
                </tr>
              ))}
              <tr>
                <th scope="row">Per usable image</th>
                {COST_WAY_IDS.map((way) => {
                  const { perImage } = ways[way];
                  return (
                    <td key={way} className={page.number}>
                      {perImage ? money(perImage.middle) : '–'}
                    </td>
                  );
                })}
              </tr>
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

/** The answer as files, for those who have no Assay. */
function Save({ question, disabled }: { question: CostQuestion; disabled: boolean }) {
  const { folder } = useProject();
  const save = useMutation({ mutationFn: () => core.costs.save({ project: folder, ...question }) });
  return (
    <div className={classes.save}>
      <Button variant="default" disabled={disabled} loading={save.isPending} onClick={() => save.mutate()}>
        Save as CSV and JSON
      </Button>
      {save.isError && <Failure error={save.error} />}
      {save.data?.[0] !== undefined && <CopyText label="Saved" text={save.data[0]} />}
    </div>
  );
}

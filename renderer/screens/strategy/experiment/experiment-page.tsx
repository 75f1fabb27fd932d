import { Button, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { curvePlot, ratioPlot } from '../../../../rpc/contract/experiment-plots.ts';
import {
  DESIGNS,
  METRIC_WORDS,
  STANDING_WORDS,
  armWords,
  experimentLeftLines,
  softWords,
  learnerTitle,
  metricsOf,
  primaryOf,
  type ArmResult,
  type Experiment,
  type ExperimentInfo,
  type LearnerResult,
  type Measured,
} from '../../../../rpc/contract/experiments.ts';
import { core } from '../../../client.ts';
import { CopyText } from '../../../parts/copy-text.tsx';
import { counted, dateTime, figure, integer, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { Failure, Loading } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import strategy from '../strategy.module.css';
import { PlotFigure } from './plot.tsx';
import { RunCard } from './run-card.tsx';
import { useExperiment, useExperiments } from './use-experiments.ts';
import classes from './experiment.module.css';

/** Measures ratios of real to synthetic images, and shows what was measured. */
export function ExperimentPage() {
  const { data, isPending, isError, error, refetch } = useExperiments();
  return (
    <QuestionPage title="Experiment">
      <RunCard />
      {isPending && <Loading label="Reading experiments" />}
      {isError && <Failure error={error} retry={() => void refetch()} />}
      {data && data.length > 0 && <OnRecord key={data[0]!.id} known={data} />}
    </QuestionPage>
  );
}

/** One of the experiments on record: the newest, until another one is chosen. */
function OnRecord({ known }: { known: readonly ExperimentInfo[] }) {
  const [id, setId] = useState(known[0]!.id);
  const { data, isError, error, refetch } = useExperiment(id);
  return (
    <>
      {known.length > 1 && (
        <NativeSelect
          aria-label="Experiment"
          value={String(id)}
          data={known.map((one) => ({
            value: String(one.id),
            label: `${one.id}: ${dateTime(one.at)}, ${one.by}${one.predictions ? `, ${one.predictions.name}` : ''}`,
          }))}
          onChange={({ currentTarget }) => setId(Number(currentTarget.value))}
        />
      )}
      {isError && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && !isError && <Loading label="Reading the experiment" />}
      {data && <Found experiment={data} />}
    </>
  );
}

function Found({ experiment }: { experiment: Experiment }) {
  const { id, at, by, digest, predictions, results } = experiment;
  const { folder } = useProject();
  const { data, options, impossible, learners, verdict } = results;
  const save = useMutation({ mutationFn: () => core.experiments.save({ project: folder, id }) });
  const left = experimentLeftLines(data.leftOut);
  const soft = softWords(data);
  return (
    <>
      <section className={`${page.card} ${page.stack}`} aria-label="Verdict">
        {verdict.map((line, i) => (
          <p key={line} className={strategy.words}>
            {i === 0 ? <b>{line}</b> : line}
          </p>
        ))}
        <p className={page.hint}>
          Measured on {counted(data.holdout, 'real hold-out image')} alone, with a margin of{' '}
          {(100 * options.margin).toFixed(1)} points, by {by} on {dateTime(at)}
          {predictions && ` from the predictions of ${predictions.name}`}. Drawn from{' '}
          {counted(data.real, 'real image')}, {integer(data.generated)} synthetic as generated and{' '}
          {integer(data.verified)} as verified; seed {options.seed}.{soft !== null && ` ${soft}.`}
        </p>
        {left.length > 0 && (
          <div className={page.hint}>
            Left out:
            <ul className={page.plain}>
              {left.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        )}
        {impossible.length > 0 && (
          <details className={page.hint}>
            <summary>
              {counted(impossible.length, 'arm wants', 'arms want')} more images than there are
            </summary>
            <ul className={page.plain}>
              {impossible.map((arm) => (
                <li key={armWords(arm)}>
                  {armWords(arm)}: {integer(arm.needs)} synthetic images of {integer(arm.has)}
                </li>
              ))}
            </ul>
          </details>
        )}
        <CopyText label="sha256 of the results" text={digest} />
        <div className={page.row}>
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            Save as page and JSON
          </Button>
          {save.isError && <Failure error={save.error} />}
          {save.data?.[0] !== undefined && <CopyText label="Saved" text={save.data[0]} />}
        </div>
      </section>
      {learners.map((learner) => (
        <LearnerSection
          key={learner.learner}
          learner={learner}
          margin={options.margin}
          isAlone={learners.length === 1}
        />
      ))}
    </>
  );
}

interface LearnerSectionProps {
  learner: LearnerResult;
  margin: number;
  /** The verdict above is its own. */
  isAlone: boolean;
}

function LearnerSection({ learner, margin, isAlone }: LearnerSectionProps) {
  const { arms, control, verdict } = learner;
  const title = learnerTitle(learner.learner);
  const plots = [...DESIGNS.map((design) => ratioPlot(learner, design, margin)), curvePlot(learner)];
  return (
    <section
      className={`${page.card} ${page.stack} ${classes.learner}`}
      aria-labelledby={`learner-${learner.learner}`}
    >
      <h2 id={`learner-${learner.learner}`} className={page.subtitle}>
        {title}
      </h2>
      {!isAlone &&
        verdict.map((line) => (
          <p key={line} className={strategy.words}>
            {line}
          </p>
        ))}
      {control && (
        <p className={control.loses ? page.hint : page.problem}>
          Control with shuffled labels: {inPoints(control.difference)} points; it{' '}
          {control.loses ? 'loses, as it must' : 'does not lose, so nothing here should be relied on'}.
        </p>
      )}
      <div className={classes.plots}>
        {plots.map((plot) => plot && <PlotFigure key={plot.title} plot={plot} />)}
      </div>
      <details>
        <summary>{counted(arms.length, 'arm')}</summary>
        {/* Wider than a small window. */}
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Arms of the ${title}`}>
          <table className={page.table}>
            <thead>
              <tr>
                <th>Arm</th>
                <th className={page.number}>Real</th>
                <th className={page.number}>Synthetic</th>
                {metricsOf(learner).map((metric) => (
                  <th key={metric} className={page.number} title={METRIC_WORDS[metric].meaning}>
                    {METRIC_WORDS[metric].title}
                  </th>
                ))}
                <th className={page.number}>Beside real alone</th>
                <th>Standing</th>
                <th className={page.number}>Least effect</th>
                <th className={page.number}>McNemar, Holm</th>
              </tr>
            </thead>
            <tbody>
              {arms.map((arm) => (
                <ArmRow key={arm.id} arm={arm} learner={learner} />
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function ArmRow({ arm, learner }: { arm: ArmResult; learner: LearnerResult }) {
  const { metrics, against } = arm;
  const main = against?.differences[primaryOf(learner)];
  return (
    <tr>
      <td>{armWords(arm)}</td>
      <td className={page.number}>{integer(arm.real)}</td>
      <td className={page.number}>{integer(arm.synthetic)}</td>
      {metricsOf(learner).map((metric) => (
        <td key={metric} className={page.number}>
          {metrics[metric].value === null ? '–' : percent(metrics[metric].value)}
          <Ends of={metrics[metric]} />
        </td>
      ))}
      <td className={page.number}>
        {main && (
          <>
            {inPoints(main)}
            <Ends of={main} />
          </>
        )}
      </td>
      <td>{against && STANDING_WORDS[against.standing]}</td>
      <td className={page.number}>{against && (100 * against.leastEffect).toFixed(1)}</td>
      <td className={page.number}>{against?.mcnemar && figure(against.mcnemar.holm)}</td>
    </tr>
  );
}

const inPoints = ({ value }: Measured): string => (value === null ? '–' : (100 * value).toFixed(1));

function Ends({ of: { interval } }: { of: Measured }) {
  if (!interval) return null;
  return <span className={classes.small}>{interval.map((end) => (100 * end).toFixed(1)).join(' to ')}</span>;
}

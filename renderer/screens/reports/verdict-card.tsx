import { MEASURE_GROUPS } from '../../../rpc/contract/measures.ts';
import type { BatchReport, Level } from '../../../rpc/contract/reports.ts';
import { Gallery } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import classes from './verdict-card.module.css';

const LEVEL_WORDS: Record<Level, string> = {
  good: 'No fault shown',
  watch: 'Look closer',
  bad: 'Fault shown',
};
const PICTURE = 56;

/** What the report says: the headline, what was measured, its reasons as pictures, and what to do. */
export function VerdictCard({ report: { verdict, advice, generator, generation } }: { report: BatchReport }) {
  return (
    <section className={page.card} aria-label="Verdict">
      <p className={classes.headline} data-level={verdict.level}>
        {verdict.headline}
      </p>
      <p className={page.hint}>
        {verdict.basis}
        {generator && ` Made by ${generator}.`}
        {generation !== null && ` Generation ${generation}.`}
      </p>
      <div className={classes.reasons}>
        {verdict.reasons.map(({ group, level, text, pictures }) => (
          <section key={group} className={classes.reason} aria-label={MEASURE_GROUPS[group].title}>
            <h2 className={page.subtitle}>{MEASURE_GROUPS[group].question}</h2>
            <LevelMark level={level} />
            <Gallery title={MEASURE_GROUPS[group].question} pictures={pictures} size={PICTURE} />
            <p className={classes.text}>{text}</p>
          </section>
        ))}
      </div>
      {advice.length > 0 && (
        <>
          <h2 className={page.subtitle}>What to do</h2>
          <ul className={page.plain}>
            {advice.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** A level in a word and a colour that go together. */
export function LevelMark({ level }: { level: Level }) {
  return (
    <span className={classes.level} data-level={level}>
      {LEVEL_WORDS[level]}
    </span>
  );
}

import { memo, type ReactNode } from 'react';
import type { Example, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { VERDICT_WORDS } from '../../../rpc/contract/terms.ts';
import { counted, dateTime, percent } from '../../parts/format.ts';
import { howMade } from '../../parts/how-made.ts';
import { useReasonWords } from '../../parts/reason-words.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import { Strip } from '../../parts/strip.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { ObjectExamples } from './object-examples.tsx';
import { ObjectList } from './object-list.tsx';
import { InstructionsPanel } from './instructions.tsx';
import { answerWords, inSentence } from './answers.ts';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import classes from './rail.module.css';

interface RailProps {
  item: ReviewItem;
  queue: number;
  /** The walk over its objects, where it has some. */
  walk?: { at: number | null; shown: number | null; key: string; onGo: (at: number) => void };
  /** Reviewers do not see each other's answers here. */
  isIndependent: boolean;
  /** How images were made is never told here. */
  isChecked: boolean;
  /** Tags are told here, if only after the answer. */
  showsTags: boolean;
  /** Whether the answer is for its near-duplicates too; left out where it cannot be. */
  spread?: { on: boolean; key: string; onChange: (on: boolean) => void };
  /** Compares with a real image; left out where it cannot be. */
  compare?: { key: string; onChoose: (sha256: string) => void };
}

const BARS = 4;
const UNTIL = 'Hidden until you answer';

/** Everything that helps to judge the item: its label, why it is queued, and similar images. */
export const Rail = memo(function Rail({
  item,
  queue,
  walk,
  isIndependent,
  isChecked,
  showsTags,
  spread,
  compare,
}: RailProps) {
  const wordsOf = useReasonWords();
  return (
    <aside className={classes.rail} aria-label="About this item">
      <dl className={page.terms}>
        <dt>Given label</dt>
        <dd className={classes.given}>
          {item.givenLabel === null ? (
            <Faint>{item.hidden ? UNTIL : 'None'}</Faint>
          ) : (
            <MiddleText text={item.givenLabel} />
          )}
        </dd>
        <dt>Model</dt>
        <dd className={classes.predicted}>
          {item.predicted ? (
            <>
              <MiddleText text={item.predicted.label} />
              <span>, {percent(item.predicted.probability)}</span>
            </>
          ) : (
            <Faint>{item.hidden ? UNTIL : 'No prediction'}</Faint>
          )}
        </dd>
        <dt>You said</dt>
        <dd className={bits.ellipsis} title={item.answer ? answerWords(item.answer) : undefined}>
          {item.answer ? answerWords(item.answer) : <Faint>Nothing yet</Faint>}
        </dd>
        <dt>Tags</dt>
        <dd className={bits.ellipsis} title={item.tags?.join(', ')}>
          {item.tags && item.tags.length > 0 ? (
            item.tags.join(', ')
          ) : (
            <Faint>{item.tags ? 'None' : showsTags ? UNTIL : 'Not shown here'}</Faint>
          )}
        </dd>
      </dl>

      {item.distribution && <Answers distribution={item.distribution} />}

      {walk && item.objects.length > 0 && (
        <Part title="Objects" side={<kbd className={bits.key}>{walk.key}</kbd>}>
          <ObjectList item={item} at={walk.at} onGo={walk.onGo} />
          {walk.shown !== null && (
            <ObjectExamples queue={queue} position={item.position} object={walk.shown} />
          )}
        </Part>
      )}

      <Part title="Nearest real images" side={compare && <kbd className={bits.key}>{compare.key}</kbd>}>
        <div className={classes.examples}>
          {item.hidden && <Faint>{UNTIL}</Faint>}
          {!item.hidden && item.examples.given.length + item.examples.predicted.length === 0 && (
            <Faint>There is none of the given or the predicted class.</Faint>
          )}
          {item.examples.given.length > 0 && item.givenLabel !== null && (
            <Examples title={item.givenLabel} examples={item.examples.given} compare={compare} />
          )}
          {item.examples.predicted.length > 0 &&
            item.predicted &&
            item.predicted.label !== item.givenLabel && (
              <Examples title={item.predicted.label} examples={item.examples.predicted} compare={compare} />
            )}
        </div>
      </Part>

      <Part title="What the model sees">
        <div className={classes.model}>
          {item.hidden && <Faint>{UNTIL}</Faint>}
          {!item.hidden && item.probabilities.length === 0 && <Faint>There is no label model.</Faint>}
          <Bars entries={firstBars(item)} given={item.givenLabel} />
        </div>
        {item.probabilities.length > BARS && (
          <details>
            <summary>All {item.probabilities.length} classes</summary>
            <Bars entries={item.probabilities} given={item.givenLabel} />
          </details>
        )}
      </Part>

      {item.reasons.length > 0 && (
        <Part
          title={
            item.reasons.some(({ extreme }) => extreme)
              ? 'Why it is here'
              : 'Nothing about it is extreme. Most unusual:'
          }
        >
          <ul className={classes.reasons}>
            {item.reasons.map(({ reason, strip }) => {
              const { words, rarity, figures } = wordsOf(reason);
              return (
                <li key={`${words} ${figures}`} title={figures ?? undefined}>
                  {words.charAt(0).toUpperCase() + words.slice(1)}.
                  {strip && <Strip strip={strip} label={`This image among all. ${rarity ?? ''}`} />}
                  {rarity && <span className={classes.score}>{rarity}</span>}
                </li>
              );
            })}
          </ul>
        </Part>
      )}

      {item.hidden && (
        <Part title="Why it is here">
          <Faint>{UNTIL}. So are its boxes, and how it was made; a skip is no answer.</Faint>
          <InstructionsPanel queue={queue} />
        </Part>
      )}

      {spread && item.group > 0 && (
        <label className={classes.spread}>
          <input
            type="checkbox"
            checked={spread.on}
            onChange={(event) => spread.onChange(event.currentTarget.checked)}
          />
          Apply to its {item.group} near-{item.group === 1 ? 'duplicate' : 'duplicates'}{' '}
          <kbd className={bits.key}>{spread.key}</kbd>
        </label>
      )}

      {item.metadata && <Metadata metadata={item.metadata} />}
      {isChecked && !item.hidden && (
        <p className={classes.none}>
          This queue has items with a known answer. How an image was made and how many near-duplicates it has
          would tell them apart, so neither is shown for any item.
        </p>
      )}

      <details open={item.history.length > 0}>
        <summary>History{item.history.length > 0 && ` (${item.history.length})`}</summary>
        {item.history.length === 0 ? (
          <p className={classes.none}>
            {isIndependent ? 'You have not decided on it in this queue.' : 'No decision yet.'}
          </p>
        ) : (
          <ol className={classes.history}>
            {item.history.map((entry) => (
              <li key={`${entry.seq} ${entry.verdict}`} data-undone={entry.undone}>
                <b>{entry.by}</b> {entry.undone ? <s>{said(entry)}</s> : said(entry)}
                {entry.grid !== null && ` in a grid of ${entry.grid}`}
                {entry.comment !== null && <q className={classes.comment}>{entry.comment}</q>}
                <span className={classes.when}>
                  {dateTime(entry.at)}
                  {entry.undone && ', undone'}
                </span>
              </li>
            ))}
          </ol>
        )}
        {isIndependent && (
          <p className={classes.none}>
            {item.distribution
              ? 'What others decide is shown only once an item has all its answers.'
              : 'What others decide is not shown in this queue, so that answers stay independent.'}
          </p>
        )}
      </details>
    </aside>
  );
});

function said(entry: ReviewItem['history'][number]): string {
  return entry.verdict === 'undo' ? 'took a decision back' : inSentence(answerWords(entry));
}

/** The most probable classes, the given one always among them. */
function firstBars({ probabilities, givenLabel }: ReviewItem): ReviewItem['probabilities'] {
  const first = probabilities.slice(0, BARS);
  const given = probabilities.find(({ label }) => label === givenLabel);
  return !given || first.includes(given) ? first : [...first.slice(0, -1), given];
}

function Part({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h2>
        {title} {side}
      </h2>
      {children}
    </section>
  );
}

function Faint({ children }: { children: ReactNode }) {
  return <span className={classes.none}>{children}</span>;
}

function Bars({ entries, given }: { entries: ReviewItem['probabilities']; given: string | null }) {
  return (
    <ul className={classes.bars}>
      {entries.map(({ label, probability }) => (
        <li key={label} data-given={label === given}>
          <span className={classes.name}>
            <MiddleText text={label} />
          </span>
          <span className={classes.track} aria-hidden>
            <span className={classes.fill} style={{ width: `${probability * 100}%` }} />
          </span>
          <span className={classes.value}>{percent(probability)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The nearest one is large enough to judge by; each opens beside the item. */
const EXAMPLE_SIZES = [146, 46, 46, 46];

/** What everybody said of an item that ends in that. */
function Answers({ distribution }: { distribution: NonNullable<ReviewItem['distribution']> }) {
  const people = distribution.reduce((sum, { annotators }) => sum + annotators, 0);
  return (
    <Part title={`What ${counted(people, 'person', 'people')} said`}>
      <ul className={classes.bars}>
        {distribution.map(({ label, rejected, annotators, share, by }) => (
          <li
            key={rejected ? 'rejected' : `label ${label}`}
            title={by.length > 0 ? by.join(', ') : undefined}
          >
            <span className={classes.name}>
              {rejected ? (
                VERDICT_WORDS.reject.title
              ) : label === null ? (
                <Faint>No class</Faint>
              ) : (
                <MiddleText text={label} />
              )}
            </span>
            <span className={classes.track} aria-hidden>
              <span className={classes.fill} style={{ width: `${share * 100}%` }} />
            </span>
            <span className={classes.value}>
              {annotators} of {people}
            </span>
            {by.length > 0 && <span className={classes.by}>{by.join(', ')}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface ExamplesProps {
  title: string;
  examples: readonly Example[];
  compare: RailProps['compare'];
}

function Examples({ title, examples, compare }: ExamplesProps) {
  return (
    <figure className={classes.figure}>
      <figcaption>
        <MiddleText text={title} />
      </figcaption>
      {examples.length === 0 && <p className={classes.none}>No real image of it.</p>}
      <div className={classes.thumbs}>
        {examples.slice(0, EXAMPLE_SIZES.length).map(({ sha256, label, similarity }, i) => (
          <button
            key={sha256}
            type="button"
            className={classes.example}
            disabled={!compare}
            title={`${compare ? 'Compare: real' : 'Real'} ${label}, similarity ${similarity.toFixed(2)}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => compare?.onChoose(sha256)}
          >
            <Thumb
              sha256={sha256}
              alt={`Real ${label}, similarity ${similarity.toFixed(2)}`}
              size={EXAMPLE_SIZES[i]!}
            />
          </button>
        ))}
      </div>
    </figure>
  );
}

function Metadata({ metadata }: { metadata: NonNullable<ReviewItem['metadata']> }) {
  const known = howMade(metadata);
  return (
    <details>
      <summary>How it was generated{known.length === 0 && ' (nothing known)'}</summary>
      <dl className={classes.metadata}>
        {known.map(({ title, meaning, value }) => (
          <div key={title} title={meaning}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

import { Link } from '@tanstack/react-router';
import { alterationWords } from '../../../rpc/contract/alteration.ts';
import type { CopyPair } from '../../../rpc/contract/copies.ts';
import { CERTAINTY_WORDS, COPY_ANSWER_WORDS, ROLE_WORDS } from '../../../rpc/contract/terms.ts';
import { dateTime, percent } from '../../parts/format.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import classes from './copies.module.css';

/** How sure the pair is, what it means for the image, and what both are. */
export function AboutPair({ pair }: { pair: CopyPair }) {
  const { certainty, alteration, similarity, answer, keptOut, image, other, verdict } = pair;
  const { title, meaning } = CERTAINTY_WORDS[certainty];
  const done = alteration && alterationWords(alteration);
  return (
    <>
      <section>
        <h2>{title}</h2>
        <p className={classes.plain}>
          {done ? <b>{done}. </b> : null}
          {meaning}.
        </p>
        <p className={bits.small}>
          {certainty === 'same-pixels' ? 'Every pixel agrees' : `${percent(similarity)} alike`}
        </p>
      </section>
      <section>
        <h2>What it means</h2>
        <p className={classes.fate} data-out={keptOut}>
          {keptOut ? 'Left out of queues and releases' : 'Treated like any other image'}
        </p>
        <p className={bits.small}>
          {answer
            ? `${COPY_ANSWER_WORDS[answer.answer].title}, says ${answer.by}, ${dateTime(answer.at)}`
            : keptOut
              ? 'By rule: nobody has judged the pair yet.'
              : image.role === 'real'
                ? 'No rule leaves a real image out. Nobody has judged the pair yet.'
                : 'The rule is not sure. Nobody has judged the pair yet.'}
        </p>
        {answer?.comment && <q className={classes.plain}>{answer.comment}</q>}
        {verdict && (
          <p className={classes.plain}>
            Its label was {verdict === 'reject' ? 'rejected' : verdict === 'accept' ? 'accepted' : 'changed'}{' '}
            by a person
            {keptOut && verdict !== 'reject' ? ', which a release ignores while it is left out' : ''}.
          </p>
        )}
      </section>
      {(
        [
          ['Image', image],
          [`May be a copy of`, other],
        ] as const
      ).map(([heading, each]) => (
        <section key={heading}>
          <h2>{heading}</h2>
          <dl className={page.terms}>
            <dt>File</dt>
            <dd>
              <Link
                to="/p/$folder/explore"
                from="/p/$folder"
                search={{ image: each.sha256 } as never}
                className={classes.file}
              >
                <MiddleText text={each.path} />
              </Link>
            </dd>
            <dt>Batch</dt>
            <dd>
              {each.batch} ({ROLE_WORDS[each.role].title.toLowerCase()})
            </dd>
            <dt>Label</dt>
            <dd>{each.label ?? 'None'}</dd>
            <dt>Size</dt>
            <dd>
              {each.width} × {each.height}
            </dd>
          </dl>
        </section>
      ))}
    </>
  );
}

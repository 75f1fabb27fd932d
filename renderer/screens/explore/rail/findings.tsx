import { Link } from '@tanstack/react-router';
import type { ImageDetail } from '../../../../rpc/contract/images.ts';
import { alterationWords } from '../../../../rpc/contract/alteration.ts';
import { isExtreme } from '../../../../rpc/contract/reasons.ts';
import { CERTAINTY_WORDS, FINDING_WORDS } from '../../../../rpc/contract/terms.ts';
import { percent } from '../../../parts/format.ts';
import { useScores } from '../../../parts/score-names.ts';
import { useReasonWords } from '../../../parts/reason-words.ts';
import { Thumb } from '../../../parts/thumb.tsx';
import { Part } from './part.tsx';
import bits from '../../../parts/bits.module.css';
import classes from './rail.module.css';

const TWIN_PX = 56;

interface FindingsProps {
  detail: ImageDetail;
  onImage: (sha256: string) => void;
}

type Flag = ImageDetail['flags'][number];

/** What a person said of the pair, else what the rule did. */
const titleOf = ({ answer, rule }: Flag): string =>
  answer === 'not-a-copy' ? 'Not a copy, a person said' : FINDING_WORDS[rule].title;

/** Why it is flagged or queued, in words, with the image that it resembles. */
export function Findings({ detail, onImage }: FindingsProps) {
  const wordsOf = useReasonWords();
  const scores = useScores();
  const { flags, queued } = detail;
  const reasons = (queued?.reasons ?? []).filter((reason) =>
    isExtreme(reason, 'score' in reason ? scores.get(reason.score)?.suspect : undefined),
  );
  if (flags.length === 0 && !queued) return null;
  return (
    <Part title="Why it is flagged">
      {queued && (
        <div className={classes.queued}>
          <ul>
            {reasons.map(wordsOf).map(({ words, rarity, figures }) => (
              <li key={`${words} ${figures}`} title={figures ?? undefined}>
                {words} {rarity && <span className={bits.small}>({rarity})</span>}
              </li>
            ))}
            {reasons.length === 0 && <li>nothing about it is extreme</li>}
          </ul>
          <span className={bits.small}>
            Place {queued.rank} of queue {queued.queue}.{' '}
            <Link to="/p/$folder/review" from="/p/$folder">
              Review the queue
            </Link>
          </span>
        </div>
      )}
      <ul className={classes.twins}>
        {flags.map((flag) => (
          <li key={`${flag.rule} ${flag.sha256}`}>
            <button type="button" className={classes.twin} onClick={() => onImage(flag.sha256)}>
              <Thumb sha256={flag.sha256} alt="" size={TWIN_PX} />
              <span>
                <strong>{titleOf(flag)}</strong>
                <br />
                {CERTAINTY_WORDS[flag.certainty].title}
                {flag.alteration &&
                  alterationWords(flag.alteration) &&
                  `, ${alterationWords(flag.alteration)}`}
                : <span className={classes.path}>{flag.path}</span> in {flag.batch}{' '}
                <span className={bits.small}>({percent(flag.similarity)} alike)</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

import { errorCode } from '../../../rpc/errors.ts';
import { Failure } from '../../parts/states.tsx';
import { percent } from '../../parts/format.ts';
import { mixStanding, roundStanding } from './mix-words.ts';
import { QuestionCard } from './question-card.tsx';
import { NO_WISH, useMixes, useMixPolicy, useMixPreview, useRounds } from './use-mix.ts';
import classes from './strategy.module.css';

/** Where the mix stands, in a few sentences. */
export function MixCard() {
  const [policy, mixes, rounds] = [useMixPolicy(), useMixes(), useRounds()];
  const supply = useMixPreview(NO_WISH);
  const failed = [policy, mixes, rounds].find(({ isError }) => isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  const [newest] = mixes.data ?? [];
  const standing = newest && policy.data ? mixStanding(newest, policy.data) : null;
  const calls = rounds.data?.rounds.at(-1)?.alarms.length ?? 0;
  return (
    <QuestionCard name="mix" title="Mix" hint="How much of what a model is trained on is real.">
      <p className={classes.words} aria-busy={!policy.data || supply.isPending}>
        <span>
          {supply.isPending && 'Counting what may be mixed … '}
          {supply.isError && `${whyUnknown(supply.error)} `}
          {supply.data && supplyWords(supply.data)}
        </span>
        {policy.data &&
          `The policy asks for ${percent(policy.data.target)}, and no training batch below ${percent(policy.data.floor)}. `}
        {mixes.data && !newest && 'No mix is written yet. '}
        {standing && (
          <span className={standing.isKept ? undefined : classes.warn}>
            The newest mix {standing.words}.{' '}
          </span>
        )}
        {rounds.data && (
          <span className={calls > 0 ? classes.warn : undefined}>{roundStanding(rounds.data.rounds)}</span>
        )}
      </p>
    </QuestionCard>
  );
}

function supplyWords({ real, synthetic }: { real: number; synthetic: number }): string {
  if (real + synthetic === 0) return 'No image may be mixed yet. ';
  return `${percent(real / (real + synthetic))} of what may be mixed is real. `;
}

const whyUnknown = (error: unknown): string =>
  errorCode(error) === 'NOT_READY'
    ? 'What may be mixed is known once every image is scored.'
    : 'What may be mixed could not be counted.';

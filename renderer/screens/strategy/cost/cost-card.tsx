import { errorCode } from '../../../../rpc/errors.ts';
import { breakEvenWords, money } from '../../../../rpc/contract/cost-words.ts';
import { COST_WAYS, COST_WAY_IDS, type CostReport } from '../../../../rpc/contract/costs.ts';
import { counted, listed, uncapitalised } from '../../../../rpc/format.ts';
import { Failure } from '../../../parts/states.tsx';
import { QuestionCard } from '../question-card.tsx';
import strategy from '../strategy.module.css';
import { OF_THE_PROJECT, useCosts } from './use-costs.ts';

/** What the images of the project cost, in a few sentences. */
export function CostCard() {
  const { data, isPending, isError, error, refetch } = useCosts(OF_THE_PROJECT);
  const isEmpty = isError && errorCode(error) === 'NOT_READY';
  if (isError && !isEmpty) return <Failure error={error} retry={() => void refetch()} />;
  const defaults = data?.inputs.filter(({ origin }) => origin === 'default').length ?? 0;
  return (
    <QuestionCard
      name="cost"
      title="Cost"
      hint="By hand, raw synthetic and reviewed: what each costs, and from when on review pays."
    >
      <p className={strategy.words} aria-busy={isPending}>
        {isPending && 'Counting costs …'}
        {isEmpty && 'There are no synthetic images to count yet; any volume can be asked about.'}
        {data && (
          <>
            {totalWords(data)} {breakEvenWords(data.breakEven)}{' '}
            {defaults > 0 && (
              <span className={strategy.warn}>
                {defaults} of {counted(data.inputs.length, 'input')}{' '}
                {defaults === 1 ? 'is a default' : 'are defaults'}: set your own.
              </span>
            )}
          </>
        )}
      </p>
    </QuestionCard>
  );
}

const totalWords = ({ images, ways, currency }: CostReport): string =>
  `For ${counted(images.count, 'generated image')}, in ${currency}: ${listed(
    COST_WAY_IDS.map((way) => `${money(ways[way].total.middle)} ${uncapitalised(COST_WAYS[way].title)}`),
  )}.`;

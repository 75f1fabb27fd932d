import { errorCode } from '../../../rpc/errors.ts';
import { Card } from '../../parts/card.tsx';
import { Fact } from '../../parts/fact.tsx';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure, Loading, messageOf } from '../../parts/states.tsx';
import { LeftOut } from './left-out.tsx';
import { NO_WISH, useMixPreview } from './use-mix.ts';

/** What may be mixed as things stand, and what may not. */
export function SupplyCard() {
  const { data, isPending, isError, error, refetch } = useMixPreview(NO_WISH);
  const total = data ? data.real + data.synthetic : 0;
  return (
    <Card id="supply" title="What may be mixed" isStack>
      {isPending && <Loading label="Counting what may be mixed" />}
      {isError &&
        (errorCode(error) === 'NOT_READY' ? (
          <p className={page.problem}>{messageOf(error)}</p>
        ) : (
          <Failure error={error} retry={() => void refetch()} />
        ))}
      {data && (
        <>
          <dl className={page.facts}>
            <Fact name="Real images" value={integer(data.real)} />
            <Fact name="Synthetic images" value={integer(data.synthetic)} />
            <Fact name="Real share" value={total === 0 ? '–' : percent(data.real / total)} />
          </dl>
          {total === 0 && Object.keys(data.leftOut).length === 0 && (
            <p className={page.hint}>There are no images yet: import real images and synthetic ones.</p>
          )}
          <LeftOut of={data.leftOut} />
        </>
      )}
    </Card>
  );
}

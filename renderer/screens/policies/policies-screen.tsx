import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DEFAULT_SHARE } from '../../../rpc/contract/queue.ts';
import type { PolicyInfo, PolicyComparison } from '../../../rpc/contract/policies.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import { NextStep, nextStep } from './next-step.tsx';
import { PolicyForm } from './policy-form.tsx';
import { PolicyTable } from './policy-table.tsx';
import classes from './policies.module.css';
import { counted, integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';

/** What queues are filled with, and which way of filling would have found more. */
export default function PoliciesScreen() {
  const { folder, writable } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const [draft, setDraft] = useState<PolicyInfo | null>(null);
  const [budgetPercent, setBudgetPercent] = useState(100 * DEFAULT_SHARE);
  const key = ['policies', folder];
  const known = useQuery({ queryKey: key, queryFn: () => core.policies.list({ project: folder }) });
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  const step = status.data ? nextStep(status.data) : null;
  const compare = useMutation({
    mutationFn: () => core.policies.compare({ project: folder, budget: { share: budgetPercent / 100 } }),
  });
  const changed = (list: PolicyInfo[]): void => {
    client.setQueryData(key, list);
    setDraft(null);
    compare.reset();
  };
  const save = useMutation({
    mutationFn: async ({ name, shares, diverse, method }: PolicyInfo) => {
      const by = await askName();
      return by === null ? null : core.policies.save({ project: folder, by, name, shares, diverse, method });
    },
    onSuccess: (list) => list && changed(list),
  });
  const remove = useMutation({
    mutationFn: async (name: string) => {
      const by = await askName();
      return by === null ? null : core.policies.remove({ project: folder, by, name });
    },
    onSuccess: (list) => list && changed(list),
  });
  if (known.isPending) return <Loading label="Reading the policies" />;
  if (known.isError) return <Failure error={known.error} retry={() => void known.refetch()} />;
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Policies</h1>
        <p className={page.hint}>
          A policy divides the budget of a queue. What a part of it has no use for goes to the others, and
          what is left then to the audit.
          {writable &&
            known.data.every(({ builtIn }) => builtIn) &&
            ' Copy one to make a policy of your own.'}
        </p>
      </div>
      {step && <NextStep step={step} />}
      <section className={page.card}>
        <PolicyTable
          policies={known.data}
          writable={writable}
          onEdit={setDraft}
          onRemove={(name) => remove.mutate(name)}
        />
        {remove.isError && <Failure error={remove.error} />}
      </section>
      {draft && (
        <PolicyForm
          key={draft.name}
          start={draft}
          taken={known.data.filter(({ builtIn }) => builtIn).map(({ name }) => name)}
          saving={save.isPending}
          onSave={(policy) => save.mutate(policy)}
          onCancel={() => setDraft(null)}
        />
      )}
      {save.isError && <Failure error={save.error} />}
      <section className={page.card} aria-labelledby="compare">
        <h2 className={page.subtitle} id="compare">
          What would each have found?
        </h2>
        <p className={page.hint}>
          Each policy fills a queue from the newest scores as if nobody had decided anything; what people have
          decided since tells how good it would have been.
        </p>
        <form
          className={classes.ask}
          onSubmit={(event) => {
            event.preventDefault();
            compare.mutate();
          }}
        >
          <NumberInput
            label="Budget"
            suffix=" %"
            min={0.1}
            max={100}
            decimalScale={1}
            w={120}
            value={budgetPercent}
            onChange={(value) => setBudgetPercent(Math.min(100, Number(value) || 0))}
          />
          <Button type="submit" loading={compare.isPending} disabled={!(budgetPercent > 0) || step !== null}>
            Compare on past decisions
          </Button>
        </form>
        {compare.isError && <Failure error={compare.error} />}
        {compare.data && <Comparison rows={compare.data} />}
      </section>
    </div>
  );
}

const share = (value: number | null): string => (value === null ? '–' : percent(value, 0));

/** Policies held against what people have decided. */
function Comparison({ rows }: { rows: PolicyComparison[] }) {
  const known = rows[0]?.known ?? 0;
  return (
    <>
      <div className={classes.scroll}>
        <table className={page.table}>
          <caption>
            Of {counted(known, 'image')} that people relabelled or rejected. Images that nobody decided say
            nothing.
          </caption>
          <TableHead
            columns={[
              'Policy',
              ...[
                'Items',
                'Decided',
                'Faults among them',
                'Share of the decided',
                'Estimated share of all faults',
              ].map(figures),
            ]}
          />
          <tbody>
            {rows.map(({ name, items, decided, found, hitRate, recall }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={page.number}>{integer(items)}</td>
                <td className={page.number}>{integer(decided)}</td>
                <td className={page.number}>{integer(found)}</td>
                <td className={page.number}>{share(hitRate)}</td>
                <td className={page.number}>{share(recall)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={page.hint}>
        The last column lets every fault that only the audit brought up count for the images that it stands
        for. With a small audit it is rough, and it favours policies that resemble the one in use less than a
        plain count does.
      </p>
    </>
  );
}

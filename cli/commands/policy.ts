import { percent } from '../../rpc/format.ts';
import { DEFAULT_POLICY_NAME, type PolicyComparison, type PolicyInfo } from '../../rpc/contract/policies.ts';
import type { Budget } from '../../rpc/contract/queue.ts';
import { SHARES, DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';
import { parseBudget, parseShare, type ShareOptions } from './queue.ts';

interface Options {
  save?: string;
  from: string;
  share: ShareOptions;
  method?: string;
  remove?: string;
  compare?: Budget;
  names?: string[];
  seed: number;
  by: string;
  json?: boolean;
}

export function policyCommand() {
  return command(
    'policy',
    'Show, save, remove or compare the policies that queues are filled by',
    'assay policy parts                                             (every policy there is)\nassay policy parts --save careful --share suspect-label=.3 --share audit=.4\nassay policy parts --compare 8%                                (what would each have found?)\nassay queue parts --budget 8% --policy careful',
  )
    .argument('<project>', 'the project')
    .option('--save <name>', 'put a policy under this name')
    .option('--from <name>', 'the policy that --save starts from', DEFAULT_POLICY_NAME)
    .option('--share <part=share>', 'change the share of one part of the budget (repeatable)', parseShare, {})
    .option('--method <id>', 'a selection method in place of the parts that are ranked')
    .option('--remove <name>', 'forget a policy')
    .option(
      '--compare <budget>',
      'fill a queue of this size by each, and hold it against past decisions',
      parseBudget,
    )
    .option('--names <names...>', 'compare only these')
    .option('--seed <n>', 'draws the audit sample', wholeNumber, DEFAULT_SEED)
    .option('--by <name>', 'who does it', defaultActor())
    .action((path: string, options: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        const { save, remove, compare, by } = options;
        if (compare) {
          const compared = await core.policies.compare({
            project,
            budget: compare,
            names: options.names ?? [],
            seed: options.seed,
          });
          return { json: compared, text: describeComparison(compared) };
        }
        let known = await core.policies.list({ project });
        if (save !== undefined) {
          const from = known.find(({ name }) => name === options.from);
          if (!from) throw new AssayError('NOT_FOUND', `There is no policy "${options.from}" to start from.`);
          known = await core.policies.save({
            project,
            by,
            name: save,
            shares: { ...from.shares, ...options.share },
            diverse: from.diverse,
            method: options.method ?? from.method,
          });
        }
        if (remove !== undefined) known = await core.policies.remove({ project, by, name: remove });
        return { json: known, text: describePolicies(known) };
      }),
    );
}

const share = (value: number | null): string => (value === null ? '-' : percent(value, 0));

function describePolicies(known: PolicyInfo[]): string {
  return table([
    ['policy', ...SHARES, 'method', ''],
    ...known.map(({ name, shares, method, meaning, by }) => [
      name,
      ...SHARES.map((stratum) => share(shares[stratum])),
      method ?? '',
      meaning ?? `by ${by}`,
    ]),
  ]);
}

function describeComparison(compared: PolicyComparison[]): string {
  return [
    table([
      ['policy', 'items', 'decided', 'faults among them', 'share', 'estimated share of all faults'],
      ...compared.map(({ name, items, decided, found, known, hitRate, recall }) => [
        name,
        items,
        decided,
        `${found} of ${known} known`,
        share(hitRate),
        share(recall),
      ]),
    ]),
    'Judged by what people have decided; images that nobody decided say nothing. The last column weighs what only the audit found by what it stands for: with a small audit it is rough.',
  ].join('\n');
}

import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { targetWords, yieldWords, type PlanReport, type PlanTarget } from '../../rpc/contract/plans.ts';
import { figure } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

const WHOLE = ['balanced', 'real-share', 'experiment'] as const;

/** `balanced`, `real-share`, `experiment`, `floor=500`, or `class=n` once or more. */
function wordsOfTarget(text: string, before: PlanTarget | undefined): PlanTarget {
  const found = /^(.+)=(\d+)$/.exec(text);
  const whole = WHOLE.find((kind) => kind === text);
  if (whole || found?.[1] === 'floor') {
    if (before) throw new InvalidArgumentError(`${text} says all of a target: give it alone`);
    return whole ? { kind: whole } : { kind: 'floor', images: Number(found![2]) };
  }
  if (!found)
    throw new InvalidArgumentError(
      'give balanced, real-share, experiment, floor=<n>, or a class with its number such as gear=500',
    );
  if (before && before.kind !== 'custom')
    throw new InvalidArgumentError('balanced, real-share, experiment and floor=<n> stand alone');
  return {
    kind: 'custom',
    classes: [...(before?.classes ?? []), { label: found[1]!, images: Number(found[2]) }],
  };
}

export function planCommand() {
  const plan = new Command('plan').description('What to generate next, towards a target of the team');
  const sub = (made: Command): void => void plan.addCommand(made.exitOverride());

  plan.addCommand(
    command(
      'show',
      'How many of each class to generate, with which prompts, and which settings reject most',
      'assay plan parts\nassay plan parts --csv next.csv',
    )
      .argument('<project>', 'the project')
      .option('--csv <file>', 'write the classes as a table for a script that generates')
      .action((path: string, options: { csv?: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const project = userPath(path);
          const report = await core.plans.show({ project });
          if (options.csv !== undefined)
            writeFileSync(userPath(options.csv), await core.plans.table({ project }));
          return { json: report, text: describePlan(report) };
        }),
      ),
    { isDefault: true },
  );

  sub(
    command(
      'set',
      'Set the target, on record: images of each class, real and usable synthetic ones together',
      'assay plan set parts balanced\nassay plan set parts experiment\nassay plan set parts floor=500\nassay plan set parts gear=800 bolt=400',
    )
      .argument('<project>', 'the project')
      .argument('<target...>', 'balanced, real-share, experiment, floor=<n>, or <class>=<n>', wordsOfTarget)
      .option('--by <name>', 'who sets it', defaultActor())
      .action((path: string, target: PlanTarget, options: { by: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const report = await core.plans.setTarget({ project: userPath(path), by: options.by, target });
          return { json: report, text: describePlan(report) };
        }),
      ),
  );
  return plan;
}

const MOST_SETTINGS = 10;

function describePlan({ target, set, classes, settings, tested, notes }: PlanReport): string {
  const worse = settings.filter(({ than }) => than === 'worse');
  return [
    `Target: ${targetWords(target)}${set ? `, set by ${set.by}` : ', as every project begins'}`,
    ...(classes.length === 0
      ? ['There is no class yet: import labelled images.']
      : [
          table([
            ['class', 'generate', 'real', 'usable', 'due', 'yield', 'because'],
            ...classes.map(({ name, generate, vary, real, usable, due, basis, audited, decided, why }) => [
              name,
              generate > 0 ? `about ${generate}` : vary ? 'no more, other ones' : 'no more',
              String(real),
              String(usable),
              String(due),
              yieldWords(basis === 'audited' ? audited : decided),
              why.join('; '),
            ]),
          ]),
        ]),
    worse.length === 0
      ? `No setting is shown to reject more than chance explains (${tested} values tested).`
      : table([
          ['rejects most', '', 'yield', 'p, corrected'],
          ...worse
            .slice(0, MOST_SETTINGS)
            .map((one) => [one.title, one.value, yieldWords(one.yield), figure(one.adjusted)]),
        ]),
    ...notes,
  ].join('\n');
}

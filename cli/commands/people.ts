import { Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import {
  GUARDED_TASKS,
  PERSON_ROLES,
  PERSON_ROLE_WORDS,
  type Competence,
  type OneTimeCode,
  type Person,
  type PersonRole,
} from '../../rpc/contract/people.ts';
import { percent } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';
import { password } from '../sign-in.ts';
import { wholeNumber } from './import.ts';

interface Named {
  by: string;
  json?: boolean;
}

const roles = (text: string): PersonRole[] => {
  const named = text.split(',').map((part) => part.trim());
  const unknown = named.filter((part) => !(PERSON_ROLES as readonly string[]).includes(part));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`There is no role ${unknown.join(', ')}: ${PERSON_ROLES.join(', ')}.`);
  return named as PersonRole[];
};

const rolesOption = (): Option =>
  new Option(
    '--roles <roles>',
    PERSON_ROLES.map((role) => `${role}: ${PERSON_ROLE_WORDS[role].meaning}`).join(' '),
  ).argParser(roles);

export function peopleCommand() {
  const people = new Command('people')
    .description('Accounts: who may do what, and what shows that they are able to')
    .exitOverride();
  const sub = (made: Command): void => void people.addCommand(made.exitOverride());
  const BY = '--by <id>';
  /** An administrator's act on one person. */
  const onPerson = (name: string, description: string, example: string): Command =>
    command(name, description, `assay people ${name} parts grace ${example}`)
      .argument('<project>', 'the project')
      .argument('<person>', 'id of the person')
      .requiredOption(BY, 'the administrator');
  const REASON = ['--reason <text>', 'why'] as const;

  sub(
    command('list', 'List people, and what is on record of them', 'assay people list parts')
      .argument('<project>', 'the project')
      .action((path: string, options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const project = userPath(path);
          const listed = await core.people.list({ project });
          return { json: listed, text: describe(listed.people, listed.competence) };
        }),
      ),
  );

  sub(
    command(
      'turn-on',
      'Turn accounts on, with a first administrator; there is no way back',
      'assay people turn-on parts --id ada --name "Ada Lovelace" --roles administrator,lead --identity "passport seen"',
    )
      .argument('<project>', 'the project')
      .requiredOption('--id <id>', 'name that they sign in with')
      .requiredOption('--name <name>', 'name as printed beside signatures')
      .addOption(rolesOption().default(['administrator']))
      .requiredOption('--identity <text>', 'how it was made sure who they are')
      .option('--idle <minutes>', 'idle time after which people sign in again', wholeNumber, 15)
      .action(
        (
          path: string,
          options: {
            id: string;
            name: string;
            roles: PersonRole[];
            identity: string;
            idle: number;
            json?: boolean;
          },
        ) =>
          answer(options, async ({ core }) => {
            const { id, name, identity, idle: idleMinutes } = options;
            const { token: _, ...signedIn } = await core.people.turnOn({
              project: userPath(path),
              id,
              name,
              roles: options.roles,
              identity,
              idleMinutes,
              password: await password(id),
            });
            return {
              json: signedIn,
              text: `Accounts are on. ${name} signs in as ${id}. Invite a second administrator: nobody can reset the only one.`,
            };
          }),
      ),
  );

  sub(
    command(
      'invite',
      'Give somebody an account, and print the code that opens it',
      'assay people invite parts --id grace --name "Grace Hopper" --roles specialist --identity "known for years" --by ada',
    )
      .argument('<project>', 'the project')
      .requiredOption('--id <id>', 'name that they sign in with, never given again')
      .requiredOption('--name <name>', 'name as printed beside signatures')
      .addOption(rolesOption().makeOptionMandatory())
      .requiredOption('--identity <text>', 'how it was made sure who they are')
      .requiredOption(BY, 'the administrator')
      .action(
        (
          path: string,
          options: Named & { id: string; name: string; roles: PersonRole[]; identity: string },
        ) =>
          answer(options, async ({ core }) => {
            const { id, name, identity, by } = options;
            const project = userPath(path);
            const code = await core.people.invite({ project, by, id, name, roles: options.roles, identity });
            return { json: code, text: describeCode(code, path) };
          }),
      ),
  );

  sub(
    command(
      'enrol',
      'Open an account with its code, and set a password',
      'assay people enrol parts --id grace --code 7KQM-…',
    )
      .argument('<project>', 'the project')
      .requiredOption('--id <id>', 'name that they sign in with')
      .requiredOption('--code <code>', 'code of the invitation or the reset')
      .action((path: string, options: { id: string; code: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const { id, code } = options;
          const { token: _, ...signedIn } = await core.people.enrol({
            project: userPath(path),
            id,
            code,
            password: await password(id),
          });
          return { json: signedIn, text: `The account of ${id} is open.` };
        }),
      ),
  );

  sub(
    onPerson('reset', 'Take password and key away, and print a new code', '--reason "forgot it" --by ada')
      .requiredOption(...REASON)
      .action((path: string, person: string, options: Named & { reason: string }) =>
        answer(options, async ({ core }) => {
          const { by, reason } = options;
          const code = await core.people.reset({ project: userPath(path), by, person, reason });
          return {
            json: code,
            text: `${describeCode(code, path)}\nThey cannot sign until another administrator allows it: assay people allow-signing ${path} ${person} --by <id>`,
          };
        }),
      ),
  );

  for (const [name, description, procedure] of [
    ['allow-signing', 'Let somebody sign after a reset that somebody else made', 'allowSigning'],
    ['unlock', 'Unlock an account that wrong passwords locked', 'unlock'],
  ] as const)
    sub(
      onPerson(name, description, '--by ada').action((path: string, person: string, options: Named) =>
        answer(options, async ({ core }) => {
          const changed = await core.people[procedure]({ project: userPath(path), by: options.by, person });
          return { json: changed, text: describe([changed], []) };
        }),
      ),
    );

  sub(
    onPerson('revoke', 'Close an account for good', '--reason "left the team" --by ada')
      .requiredOption(...REASON)
      .action((path: string, person: string, options: Named & { reason: string }) =>
        answer(options, async ({ core }) => {
          const { by, reason } = options;
          const closed = await core.people.revoke({ project: userPath(path), by, person, reason });
          return { json: closed, text: `The account of ${closed.id} is closed for good.` };
        }),
      ),
  );

  sub(
    command(
      'guideline',
      'Show the guideline in force, or publish a new one',
      'assay people guideline parts --publish how-to-answer.md --by grace',
    )
      .argument('<project>', 'the project')
      .option('--publish <file>', 'Markdown file that is in force from here on')
      .option(BY, 'who publishes it')
      .action((path: string, options: { publish?: string; by?: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const project = userPath(path);
          if (options.publish !== undefined)
            await core.people.publishGuideline({
              project,
              by: options.by ?? '',
              text: readFileSync(userPath(options.publish), 'utf8'),
            });
          const [newest] = await core.people.guidelines({ project });
          return {
            json: newest ?? null,
            text: newest
              ? `${newest.sha256.slice(0, 12)}, by ${newest.by}, ${newest.at}\n\n${newest.text.trimEnd()}`
              : 'No guideline was published yet.',
          };
        }),
      ),
  );
  return people;
}

function describeCode({ person, code, until }: OneTimeCode, path: string): string {
  return `Code for ${person}, until ${until}: ${code}\nIt is shown once. They open the account in the window, or with: assay people enrol ${path} --id ${person} --code <code>`;
}

function describe(people: Person[], competence: Competence[]): string {
  if (people.length === 0)
    return 'This project has no accounts: whoever has it open gives their name. Turn them on: assay people turn-on.';
  const rows = people.map(({ id, name, roles: held, state, maySign }) => [
    id,
    name,
    held.join(', '),
    maySign ? state : `${state}, may not sign`,
  ]);
  const blocked = people.flatMap(({ id, blocked: why }) =>
    GUARDED_TASKS.flatMap((task) => (why[task] ? [`${id}: ${why[task]}`] : [])),
  );
  const held = competence.map((one) => [
    String(one.id),
    one.person,
    one.kind,
    one.kind === 'credential'
      ? `${one.credential}, ${one.issuer}${one.validUntil ? `, until ${one.validUntil}` : ''}`
      : one.kind === 'training'
        ? `guideline ${one.guideline.slice(0, 8)}${one.score === null ? '' : `, ${percent(one.score, 0)}`}`
        : `queue ${one.queue}: ${percent(one.accuracy, 0)} of ${one.items} right`,
    one.withdrawn === null ? '' : `withdrawn: ${one.withdrawn}`,
  ]);
  return [table(rows), ...blocked, ...(held.length > 0 ? ['', table(held)] : [])].join('\n');
}

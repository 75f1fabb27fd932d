import { join } from 'node:path';
import { Project } from '../../core/project/project.ts';
import type { PersonRole } from '../../rpc/contract/people.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { perform, prologue } from './acts.ts';

export const STAFF_PASSWORD = 'lamp river candle 9';

const made = new WeakMap<CoreClient, Promise<string>>();
let people = 0;

/** A small project with accounts and a queue with gold items, one for each core; `qa`, who may do everything, is signed in. */
export async function staffed(core: CoreClient, folder: string): Promise<string> {
  let making = made.get(core);
  if (!making) made.set(core, (making = make(core, folder)));
  const project = await making;
  const { signedIn } = await core.people.access({ project });
  if (signedIn?.id !== 'qa') await core.people.signIn({ project, id: 'qa', password: STAFF_PASSWORD });
  return project;
}

async function make(core: CoreClient, folder: string): Promise<string> {
  const opened = Project.create(join(folder, `staffed-${++people}`), 'before');
  for (const act of prologue(2)) perform(opened, act);
  opened.close();
  await core.people.turnOn({
    project: opened.folder,
    id: 'qa',
    name: 'Quality Lead',
    roles: ['administrator', 'lead', 'specialist'],
    identity: 'known for years',
    password: STAFF_PASSWORD,
  });
  return opened.folder;
}

/** Invites somebody new. */
export async function invited(
  core: CoreClient,
  project: string,
  roles: PersonRole[] = ['annotator'],
): Promise<{ project: string; by: string; id: string; code: string }> {
  const id = `person-${++people}`;
  const asked = { project, by: 'qa', id, name: 'Some Person', roles, identity: 'passport seen' };
  const { code } = await core.people.invite(asked);
  return { project, by: 'qa', id, code };
}

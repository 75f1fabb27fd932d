import { HANDOUT_EXTENSION } from '../rpc/contract/handouts.ts';
import type { CoreClient } from '../rpc/transport/inproc.ts';
import { userPath } from './session.ts';
import { password } from './sign-in.ts';

/** The project at a path, or the one that the file of a hand-out holds; a sealed one asks for the password. */
export async function projectAt(core: Pick<CoreClient, 'handouts'>, path: string): Promise<string> {
  const file = userPath(path);
  if (!file.endsWith(HANDOUT_EXTENSION)) return file;
  try {
    return (await core.handouts.open({ file })).project;
  } catch (error) {
    const { sealedFor } = (error as { data?: { sealedFor?: string } }).data ?? {};
    if (sealedFor === undefined) throw error;
    return (await core.handouts.open({ file, password: await password(sealedFor) })).project;
  }
}

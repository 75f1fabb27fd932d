import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { claimOf } from '../core/people/authority.ts';
import { AssayError, errorCode } from '../rpc/errors.ts';
import type { Around, CoreClient } from '../rpc/transport/inproc.ts';

/** Where a script keeps the password for one command: not in its arguments, which others can list. */
const VARIABLE = 'ASSAY_PASSWORD';

/**
 * Signs in to projects with accounts when a call asks for it, as whoever acts in it (`--by`), and asks again. The password
 * comes from ASSAY_PASSWORD, or is typed. `core` is the client without this.
 */
export function signingIn(core: () => CoreClient): Around {
  let isAsking = false;
  return async ({ path, input, next }) => {
    try {
      return await next();
    } catch (error) {
      if (errorCode(error) !== 'SIGN_IN_NEEDED' || isAsking) throw error;
      const { project, by } = claimOf(path.join('.'), input);
      if (project === null || by === null) throw error;
      isAsking = true;
      try {
        await core().people.signIn({ project, id: by, password: await password(by) });
      } finally {
        isAsking = false;
      }
      return next();
    }
  };
}

/** A password: from the environment, or typed without being shown. Throws `SIGN_IN_NEEDED` where nobody can type. */
export async function password(of: string, variable: string = VARIABLE): Promise<string> {
  const kept = process.env[variable];
  if (kept !== undefined) return kept;
  if (!process.stdin.isTTY)
    throw new AssayError(
      'SIGN_IN_NEEDED',
      `This project has accounts, and ${of} has to sign in: run this in a terminal, or give the password in ${variable}.`,
    );
  process.stderr.write(`Password of ${of}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve);
      reader.once('close', () => reject(new AssayError('CANCELLED', 'No password was given.')));
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

import type { Store } from '../../db/store.ts';
import { listSignatures, previewSignOff, signRecord } from '../people/signatures.ts';
import { writeSignatures } from '../release/signatures-beside.ts';
import { core, reading, writing } from './router.ts';

/** Why the signatures on a release cannot be written beside it; null where they are. */
function whyNotBeside(store: Store, release: number): string | null {
  try {
    writeSignatures(store, release);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

export const signatures = core.signatures.router({
  list: core.signatures.list.use(reading).handler(({ context }) => listSignatures(context.project)),
  preview: core.signatures.preview
    .use(reading)
    .handler(({ input, context }) => previewSignOff(context.project, input.by)),
  sign: core.signatures.sign.use(writing).handler(({ input, context: { project, workbench } }) =>
    signRecord(project, workbench.signIns, input.by, input).then((signature) => ({
      ...signature,
      // The signature is on record, whatever becomes of its copy.
      notBeside: input.record.kind === 'release' ? whyNotBeside(project.store, input.record.release) : null,
    })),
  ),
  writeBeside: core.signatures.writeBeside
    .use(reading)
    .handler(({ input: { release, folder }, context }) => ({
      file: writeSignatures(context.project.store, release, folder),
    })),
});

import { listSignatures, previewSignOff, signRecord } from '../people/signatures.ts';
import { writeSignatures } from '../release/signatures-beside.ts';
import { core, reading, writing } from './router.ts';

export const signatures = core.signatures.router({
  list: core.signatures.list.use(reading).handler(({ context }) => listSignatures(context.project)),
  preview: core.signatures.preview
    .use(reading)
    .handler(({ input, context }) => previewSignOff(context.project, input.by)),
  sign: core.signatures.sign.use(writing).handler(({ input, context: { project, workbench } }) =>
    signRecord(project, workbench.signIns, input.by, input).then((signature) => {
      if (input.record.kind === 'release') writeSignatures(project.store, input.record.release);
      return signature;
    }),
  ),
});

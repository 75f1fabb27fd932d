import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { router } from '../../core/handlers/index.ts';
import { Workbench } from '../../core/handlers/workbench.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';

// Tests must not touch the user's own settings.
if (process.env['ASSAY_CONFIG'] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-config-'));
  process.env['ASSAY_CONFIG'] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}

/** A core of its own behind the contract, closed after the test. */
export function startCore(): CoreClient {
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  return connectInProcess(router, { workbench });
}

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { APP_VERSION } from '../core/base/version.ts';
import { REPOSITORY } from './context.ts';
import { mebibytes, number, type Table } from './report.ts';

/** What the figures were measured on. */
export interface Machine {
  processor: string;
  /** Threads that may run at once. */
  cores: number;
  memoryBytes: number;
  system: string;
  /** Runnable threads over the last minute, before the first measurement. */
  loadAverage: number;
  versions: Record<string, string>;
}

const PACKAGES = ['sharp', 'onnxruntime-node', 'better-sqlite3'];

export function describeMachine(): Machine {
  const version = (name: string): string =>
    (
      JSON.parse(readFileSync(join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      }
    ).version;
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    loadAverage: loadavg()[0]!,
    versions: {
      assay: APP_VERSION,
      node: process.versions.node,
      ...Object.fromEntries(PACKAGES.map((name) => [name, version(name)])),
    },
  };
}

export function machineTable(machine: Machine): Table {
  const busy = machine.loadAverage > machine.cores / 2;
  return {
    title: 'Machine',
    columns: ['what', 'value'],
    rows: [
      ['processor', machine.processor],
      ['threads', number(machine.cores)],
      ['memory', mebibytes(machine.memoryBytes)],
      ['system', machine.system],
      ...Object.entries(machine.versions),
      ['load average at the start', machine.loadAverage.toFixed(2)],
    ],
    notes: busy
      ? ['Other programs kept this machine busy: every rate below is too low, and ratios are unsteady.']
      : [],
  };
}

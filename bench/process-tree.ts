import { readdirSync, readFileSync } from 'node:fs';

/** What a process of Assay is for. */
export type ProcessRole = 'core' | 'decoders' | 'inference';

interface ProcessSample {
  pid: number;
  role: ProcessRole;
  /** Resident set size: pages that several processes share count in each of them. */
  residentBytes: number;
}

const HOSTS: [file: string, role: ProcessRole][] = [
  ['decode-host.ts', 'decoders'],
  ['inference-host.ts', 'inference'],
];

/** A process and all its descendants as they are now, from /proc (Linux). Processes that end meanwhile are left out. */
export function sampleTree(rootPid: number): ProcessSample[] {
  const children = new Map<number, number[]>();
  const resident = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const status = Number.isInteger(pid) ? readProc(pid, 'status') : null;
    if (status === null) continue;
    const parent = fieldOf(status, 'PPid');
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    resident.set(pid, fieldOf(status, 'VmRSS') * 1024);
  }
  const tree = [rootPid];
  // The list grows while it is walked, until no process of it has a child that is not in it.
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree
    .filter((pid) => resident.has(pid))
    .map((pid) => ({ pid, role: roleOf(pid), residentBytes: resident.get(pid)! }));
}

function roleOf(pid: number): ProcessRole {
  const command = readProc(pid, 'cmdline') ?? '';
  return HOSTS.find(([file]) => command.includes(file))?.[1] ?? 'core';
}

/** A field of /proc/<pid>/status; a process that is ending has no memory left, and no such field. */
function fieldOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

/** The most that was resident at one moment, in all and per role; the parts may peak at different moments. */
export interface MemoryPeak {
  totalBytes: number;
  byRole: Record<ProcessRole, number>;
}

/** Watches a process tree until stopped, samples once more, and returns its peak. */
export function watchPeak(rootPid: number, everyMs: number): () => MemoryPeak {
  const peak: MemoryPeak = { totalBytes: 0, byRole: { core: 0, decoders: 0, inference: 0 } };
  const look = (): void => {
    const now: MemoryPeak['byRole'] = { core: 0, decoders: 0, inference: 0 };
    for (const { role, residentBytes } of sampleTree(rootPid)) now[role] += residentBytes;
    peak.totalBytes = Math.max(peak.totalBytes, now.core + now.decoders + now.inference);
    for (const role of Object.keys(now) as ProcessRole[])
      peak.byRole[role] = Math.max(peak.byRole[role], now[role]);
  };
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    look();
    return peak;
  };
}

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Project, type WritableProject } from '../../core/project/project.ts';
import { temporaryFolder } from './folders.ts';
import { makeHugeProject } from './huge-project.ts';

/** A project of many rows with a map, embeddings and decisions, closed after the test. */
export async function openHuge(images: number, mode: 'write'): Promise<WritableProject>;
export async function openHuge(images: number, mode?: 'read'): Promise<Project>;
export async function openHuge(images: number, mode: 'read' | 'write' = 'read'): Promise<Project> {
  const folder = await makeHugeProject(join(temporaryFolder(), 'huge'), {
    images,
    queue: 60,
    decisions: 45,
    dimensions: 8,
    map: true,
  });
  const project = Project.open(folder, mode);
  onTestFinished(() => project.close());
  return project;
}

import { oc, type } from '@orpc/contract';
import * as z from 'zod';

export const FILE_KINDS = ['thumb', 'image', 'found', 'pca', 'umap'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A file that a host may serve to a window, found by the core from an opaque id, never from a path in a request. */
export interface LocatedFile {
  path: string;
  /** From the file's first bytes or its writer, never from its name. */
  mime: string;
  /** Whether the bytes behind the id can ever change. */
  immutable: boolean;
}

export interface FolderListing {
  path: string;
  parent: string | null;
  home: string;
  entries: { name: string; path: string; kind: 'folder' | 'project' | 'file' }[];
}

export const files = {
  /** `key` is a project's, from `projects.open`; `id` is an image's sha256, of `found` one from the last import preview, and `-` for the map kinds. */
  locate: oc
    .input(
      z.object({
        key: z.string().regex(/^[0-9a-f]{16}$/),
        kind: z.enum(FILE_KINDS),
        id: z.string().regex(/^([0-9a-f]{64}|-)$/),
      }),
    )
    .output(type<LocatedFile>()),
  /** Lists a folder on the core's machine, to choose one without a native dialog. */
  list: oc.input(z.object({ path: z.string().nullable() })).output(type<FolderListing>()),
};

import type { Permission } from '../../rpc/contract/people.ts';
import type { OpenProject } from '../../rpc/contract/projects.ts';

/**
 * The screens of a project in the order of the work, and the only list of them: routes, the rail, the palette, the
 * pictures and the test of screens all read it. A screen `gold` is `screens/gold/gold-screen.tsx`, its default export.
 */
export const SCREENS = [
  {
    id: 'overview',
    title: 'Overview',
    what: 'Where the project stands, and what is next',
    icon: 'M2.5 13.5v-4M6.2 13.5v-11M9.8 13.5v-6M13.5 13.5v-8.5',
  },
  {
    id: 'import',
    title: 'Import',
    what: 'Add a folder of images',
    icon: 'M8 2v7.5M5 6.8 8 9.8l3-3M2.5 10.5v3h11v-3',
    needs: 'manage',
  },
  {
    id: 'explore',
    title: 'Explore',
    what: 'Filter, sort and map all images',
    icon: 'M2.5 2.5h4.3v4.3H2.5zM9.2 2.5h4.3v4.3H9.2zM2.5 9.2h4.3v4.3H2.5zM9.2 9.2h4.3v4.3H9.2z',
  },
  {
    id: 'policies',
    title: 'Policies',
    what: 'How a queue is filled, and what each way would have found',
    icon: 'M2.5 4h5M10.5 4h3M9 2.5v3M2.5 8h1.5M7 8h6.5M5.5 6.5v3M2.5 12h7M12.5 12h1M11 10.5v3',
  },
  {
    id: 'labels',
    title: 'Labels',
    what: 'Which classes are confused with which',
    icon: 'M8.6 2.2h5.2v5.2L7.6 13.6 2.4 8.4zM11 5h.01',
  },
  {
    id: 'reports',
    title: 'Reports',
    what: 'Batches against the real images, and what to generate next',
    icon: 'M2.5 2.5v11h11M4.5 10.5l2.8-3.2 2.2 1.8 3.7-4.6',
  },
  {
    id: 'review',
    title: 'Review',
    what: 'Decide on the queued images',
    icon: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z',
    needsName: true,
    needs: 'review',
    inHandout: true,
  },
  {
    id: 'conflicts',
    title: 'Conflicts',
    what: 'Settle where reviewers disagree',
    icon: 'M4 2.5v4.2L8 9.5l4-2.8V2.5M8 9.5v4.2',
    needsName: true,
    needs: 'judge',
  },
  {
    id: 'copies',
    title: 'Copies',
    what: 'Say which images are copies of others',
    icon: 'M2.5 2.5h7.5v7.5H2.5zM6 12.5v1h7.5V6h-1',
  },
  {
    id: 'gold',
    title: 'Gold',
    what: 'How reliable each reviewer is',
    icon: 'M8 1.8l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z',
    needsName: true,
    needs: 'manage',
  },
  {
    id: 'export',
    title: 'Export',
    what: 'Write a release',
    icon: 'M8 10V2.5M5 5.2 8 2.2l3 3M2.5 10.5v3h11v-3',
  },
  {
    id: 'strategy',
    title: 'Strategy',
    what: 'How much synthetic data training may take',
    icon: 'M3.5 13.5v-11M3.5 3h8.5l-2 2.7 2 2.7H3.5',
  },
  {
    id: 'jobs',
    title: 'Jobs',
    what: 'Everything that takes long',
    icon: 'M8 2.2a5.8 5.8 0 1 0 5.8 5.8M8 5v3.2l2.2 1.6M10.8 2.9l1.3 1M12.9 5.2l.6 1.3',
  },
  {
    id: 'sign-off',
    title: 'Sign-off',
    what: 'Sign what was decided',
    icon: 'M2.5 13.5h11M3.2 10.8c2.2.6 3-.8 4.4-3.2S10.4 2.4 11.6 3s-.4 4-2.2 5.6-3 1.4-2.6.4 2-1 2.6.2 1.6 1.4 3.6.6',
  },
  {
    id: 'trail',
    title: 'Trail',
    what: 'Everything that happened, as it is on record',
    icon: 'M3.5 3.5h.01M3.5 8h.01M3.5 12.5h.01M6.5 3.5h7M6.5 8h7M6.5 12.5h7',
  },
  {
    id: 'people',
    title: 'People',
    what: 'Accounts, what people are able to do, and guidelines',
    icon: 'M6 3a2.3 2.3 0 1 1 0 4.6A2.3 2.3 0 0 1 6 3ZM1.8 13c.3-2.3 2-3.5 4.2-3.5s3.9 1.2 4.2 3.5M10.6 3.4a2.2 2.2 0 0 1 0 4.1M11.8 9.8c1.4.4 2.300 1.500 2.5 3.2',
  },
] as const satisfies readonly Screen[];

interface Screen {
  /** Its address below the project's, and its folder. */
  id: string;
  title: string;
  what: string;
  /** An SVG path on 16 × 16. */
  icon: string;
  /** What it is for, where people sign in: others do not find it. */
  needs?: Permission;
  /** Also in a hand-out, which is a part of one queue. */
  inHandout?: true;
  /** What is done there goes on the record from the first key on, so it asks for a name first. */
  needsName?: true;
}

export type ScreenId = (typeof SCREENS)[number]['id'];

/** The screens of a project: of a hand-out those that are for it. */
export const screensOf = (project: Pick<OpenProject, 'handout'> | null | undefined) =>
  SCREENS.filter((screen) => !project?.handout || 'inHandout' in screen);

/** Its address in the router. */
export const routeOf = <Id extends ScreenId>(id: Id) => `/p/$folder/${id}` as const;

export const iconOf = (id: ScreenId): string => SCREENS.find((screen) => screen.id === id)!.icon;

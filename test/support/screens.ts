/** The screens of a project, as their addresses name them. */
export const SCREENS = [
  'overview',
  'import',
  'explore',
  'labels',
  'reports',
  'policies',
  'review',
  'conflicts',
  'gold',
  'export',
  'jobs',
];

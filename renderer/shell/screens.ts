import type { ComponentType } from 'react';
import {
  ConflictsIcon,
  ExploreIcon,
  ExportIcon,
  GoldIcon,
  ImportIcon,
  JobsIcon,
  LabelsIcon,
  OverviewIcon,
  PoliciesIcon,
  ReportsIcon,
  ReviewIcon,
} from '../parts/icons.tsx';

interface Screen {
  to:
    | '/p/$folder/overview'
    | '/p/$folder/import'
    | '/p/$folder/explore'
    | '/p/$folder/labels'
    | '/p/$folder/reports'
    | '/p/$folder/policies'
    | '/p/$folder/review'
    | '/p/$folder/conflicts'
    | '/p/$folder/gold'
    | '/p/$folder/export'
    | '/p/$folder/jobs';
  title: string;
  what: string;
  icon: ComponentType<{ size?: number }>;
}

/** The screens of a project, in the order of the work. */
export const SCREENS: readonly Screen[] = [
  { to: '/p/$folder/overview', title: 'Overview', what: 'The state, and what is next', icon: OverviewIcon },
  { to: '/p/$folder/import', title: 'Import', what: 'Take in a folder of images', icon: ImportIcon },
  { to: '/p/$folder/explore', title: 'Explore', what: 'Filter, sort and map all images', icon: ExploreIcon },
  {
    to: '/p/$folder/policies',
    title: 'Policies',
    what: 'How a queue is filled, and what that would have found',
    icon: PoliciesIcon,
  },
  {
    to: '/p/$folder/labels',
    title: 'Labels',
    what: 'What is taken for what, class by class',
    icon: LabelsIcon,
  },
  {
    to: '/p/$folder/reports',
    title: 'Reports',
    what: 'Batches against the real images, and what to generate next',
    icon: ReportsIcon,
  },
  { to: '/p/$folder/review', title: 'Review', what: 'Decide on what is queued', icon: ReviewIcon },
  {
    to: '/p/$folder/conflicts',
    title: 'Conflicts',
    what: 'Judge where reviewers differ',
    icon: ConflictsIcon,
  },
  { to: '/p/$folder/gold', title: 'Gold', what: 'How reliable each reviewer is', icon: GoldIcon },
  { to: '/p/$folder/export', title: 'Export', what: 'Write a release', icon: ExportIcon },
  { to: '/p/$folder/jobs', title: 'Jobs', what: 'Everything that takes long', icon: JobsIcon },
];

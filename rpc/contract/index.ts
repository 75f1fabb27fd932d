import { answers } from './answers.ts';
import { audit } from './audit.ts';
import { catalog } from './catalog.ts';
import { copies } from './copies.ts';
import { costs } from './costs.ts';
import { experiments } from './experiments.ts';
import { files } from './files.ts';
import { handouts } from './handouts.ts';
import { images } from './images.ts';
import { imports } from './imports.ts';
import { jobs } from './jobs.ts';
import { maps } from './maps.ts';
import { mixes } from './mixes.ts';
import { people } from './people.ts';
import { plans } from './plans.ts';
import { policies } from './policies.ts';
import { projects } from './projects.ts';
import { queue } from './queue.ts';
import { releases } from './releases.ts';
import { reviews } from './reviews.ts';
import { rounds } from './rounds.ts';
import { scores } from './scores.ts';
import { settings } from './settings.ts';
import { signatures } from './signatures.ts';
import { suitability } from './suitability.ts';
import { tags } from './tags.ts';
import { trail } from './trail.ts';
import { views } from './views.ts';
import { watch } from './watch.ts';

/** Every call that a client may make to the core, over any transport. */
export const contract = {
  projects,
  imports,
  scores,
  images,
  maps,
  policies,
  queue,
  audit,
  reviews,
  handouts,
  copies,
  releases,
  mixes,
  costs,
  experiments,
  rounds,
  suitability,
  watch,
  answers,
  plans,
  jobs,
  catalog,
  files,
  settings,
  tags,
  views,
  people,
  signatures,
  trail,
};
export type Contract = typeof contract;

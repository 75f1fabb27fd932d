import {
  listPeople,
  allowSigning,
  changePerson,
  invite,
  resetPerson,
  revokePerson,
  turnOnAccounts,
  unlockPerson,
} from '../people/accounts.ts';
import {
  addCalibration,
  addCredential,
  addTraining,
  listCompetence,
  listGuidelines,
  publishGuideline,
  requirementsOf,
  setRequirements,
  withdrawCompetence,
} from '../people/competence.ts';
import { core, reading, writing } from './router.ts';

export const people = core.people.router({
  access: core.people.access
    .use(reading)
    .handler(({ context: { project, workbench, caller } }) => workbench.signIns.access(project, caller)),
  list: core.people.list.use(reading).handler(({ context: { project } }) => ({
    people: listPeople(project.store),
    competence: listCompetence(project.store),
    requirements: requirementsOf(project.store),
  })),
  turnOn: core.people.turnOn
    .use(writing)
    .handler(async ({ input, context: { project, workbench, caller } }) => {
      await turnOnAccounts(project, input);
      return workbench.signIns.signIn(project, caller, input.id, input.password);
    }),
  // For writing where that is possible, since sign-ins go on record.
  signIn: core.people.signIn.handler(({ input, context: { workbench, caller } }) =>
    workbench.signIns.signIn(workbench.openAsCanBe(input.project).project, caller, input.id, input.password),
  ),
  attach: core.people.attach
    .use(reading)
    .handler(({ input, context: { project, workbench, caller } }) =>
      workbench.signIns.attach(project, caller, input.token),
    ),
  signOut: core.people.signOut
    .use(reading)
    .handler(({ context: { project, workbench, caller } }) =>
      workbench.signIns.signOut(project.folder, caller),
    ),
  active: core.people.active
    .use(reading)
    .handler(({ context: { project, workbench, caller } }) => workbench.signIns.active(project, caller)),
  enrol: core.people.enrol
    .use(writing)
    .handler(({ input, context: { project, workbench, caller } }) =>
      workbench.signIns.enrol(project, caller, input),
    ),
  changePassword: core.people.changePassword
    .use(writing)
    .handler(({ input, context: { project, workbench } }) =>
      workbench.signIns.changePassword(project, input.by, input),
    ),
  invite: core.people.invite
    .use(writing)
    .handler(({ input, context }) => invite(context.project, input.by, input)),
  change: core.people.change
    .use(writing)
    .handler(({ input, context }) => changePerson(context.project, input.by, input.person, input)),
  reset: core.people.reset
    .use(writing)
    .handler(({ input, context }) => resetPerson(context.project, input.by, input.person, input.reason)),
  allowSigning: core.people.allowSigning
    .use(writing)
    .handler(({ input, context }) => allowSigning(context.project, input.by, input.person)),
  unlock: core.people.unlock
    .use(writing)
    .handler(({ input, context }) => unlockPerson(context.project, input.by, input.person)),
  revoke: core.people.revoke
    .use(writing)
    .handler(({ input, context }) => revokePerson(context.project, input.by, input.person, input.reason)),
  addCredential: core.people.addCredential
    .use(writing)
    .handler(({ input: { by, person, credential, issuer, number, documentSha256, validUntil }, context }) =>
      addCredential(context.project, by, person, { credential, issuer, number, documentSha256, validUntil }),
    ),
  addTraining: core.people.addTraining
    .use(writing)
    .handler(({ input, context }) => addTraining(context.project, input.by, input.person, input)),
  addCalibration: core.people.addCalibration
    .use(writing)
    .handler(({ input, context }) => addCalibration(context.project, input.by, input.person, input.queue)),
  withdraw: core.people.withdraw
    .use(writing)
    .handler(({ input, context }) =>
      withdrawCompetence(context.project, input.by, input.competence, input.reason),
    ),
  setRequirements: core.people.setRequirements
    .use(writing)
    .handler(({ input, context }) => setRequirements(context.project, input.by, input.requirements)),
  guidelines: core.people.guidelines.use(reading).handler(({ context }) => listGuidelines(context.project)),
  publishGuideline: core.people.publishGuideline
    .use(writing)
    .handler(({ input, context }) => publishGuideline(context.project, input.by, input.text)),
});

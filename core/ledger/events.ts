import * as z from 'zod';
import { COST_INPUT_IDS } from '../../rpc/contract/costs.ts';
import { FIELDS, FILE_FIELDS, type FileField } from '../../rpc/contract/fields.ts';
import { PERSON_ROLES } from '../../rpc/contract/people.ts';
import { ReasonSchema, type Reason } from '../../rpc/contract/reasons.ts';
import { MEANINGS } from '../../rpc/contract/signatures.ts';
import { SUITABILITY_ANSWERS, SUITABILITY_QUESTION_IDS } from '../../rpc/contract/suitability.ts';
import { FITS } from '../base/boxes.ts';
import {
  CONTEXTS,
  ENDS,
  PRIORITY_STRATA,
  PURPOSES,
  ROLES,
  SHARES,
  STRATA,
  COPY_ANSWERS,
  LEFT_WHYS,
  PICTURES,
  PAIR_CERTAINTIES,
  VERDICTS,
} from '../../rpc/contract/terms.ts';

// The schemas are the record's format: docs/ledger.md is generated from them (scripts/ledger-doc.ts), so every field
// has a description. Events of earlier versions must stay valid: fields may be added as optional ones, never renamed or
// narrowed. Optional fields are omitted from the JSON, never null.

const text = (meaning: string) => z.string().describe(meaning);
const whole = (meaning: string) => z.int().describe(meaning);
const flag = (meaning: string) => z.boolean().describe(meaning);
const hash = (meaning: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(meaning);
/** A finite number. Earlier versions recorded its shortest decimal text, which parses to the same float. */
const number = (meaning: string) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+(\.\d+)?(e[+-]\d+)?$/)
        .transform(Number),
    ])
    .describe(meaning);
/** An object. Earlier versions recorded it as JSON text. */
const orJson = <S extends z.ZodType>(schema: S) =>
  z.union([
    schema,
    z
      .string()
      .meta({ format: 'json' })
      .transform((json, context): unknown => {
        try {
          return JSON.parse(json);
        } catch {
          context.addIssue('not JSON');
          return z.NEVER;
        }
      })
      .pipe(schema),
  ]);

const Box = z.strictObject({
  label: text('class of the object in the box'),
  format: text('meaning of the four numbers, such as `xywh-pixel`: left, top, width and height in pixels'),
  values: z
    .tuple([number('number'), number('number'), number('number'), number('number')])
    .describe('the four numbers'),
  detail: text(
    'JSON text of what the dataset says of the object besides: `polygons`, `mask`, `keypoints`, `attributes`, `columns`',
  ).optional(),
});

const imageFields = Object.fromEntries(
  FILE_FIELDS.map((id) => [id, text(FIELDS[id].meaning).optional()]),
) as Record<FileField, z.ZodOptional<z.ZodString>>;

const File = z
  .strictObject({
    path: text("path below the batch's folder, with `/`"),
    bytes: whole('size of the file').optional(),
    modifiedMs: whole('time of its last modification, in milliseconds since 1970 UTC').optional(),
    image: z
      .strictObject({
        sha256: hash('sha256 of the bytes of the file: the name of the image everywhere else'),
        format: text('file format'),
        width: whole('pixels, as shown'),
        height: whole('pixels, as shown'),
        orientation: whole('EXIF orientation of the file, which was applied; 1 if omitted').optional(),
        pages: whole('pages or frames of the file, of which the first is the image; 1 if omitted').optional(),
        copied: flag('whether the project keeps a copy of the original'),
        thumb: hash('sha256 of the small picture of it that people are shown').optional(),
      })
      .optional()
      .describe('of a file that could be read'),
    failure: z
      .strictObject({ code: text('what is wrong'), detail: text('the same in words') })
      .optional()
      .describe('of a file that could not be read; exactly one of `image` and `failure` is present'),
    label: text('given class of the image').optional(),
    sourceLabel: text('class as the dataset writes it, if the project writes it otherwise').optional(),
    ...imageFields,
    boxes: z
      .array(Box)
      .optional()
      .describe(
        'boxes as in the dataset unless `frame` says otherwise; an empty list means that there are none',
      ),
    frame: z
      .strictObject({
        boxes: z
          .enum(FITS)
          .describe(
            'changed: `turned` by the EXIF orientation, `scaled`, or both; as in the dataset: the sides of the stated size are `swapped`, it is an `other-size`, boxes go `beyond` it and fit the image, or whether they were drawn before or after the orientation was applied is `open`',
          ),
        width: z.number().describe('pixels, as the dataset states them').optional(),
        height: z.number().describe('pixels, as the dataset states them').optional(),
        orientation: whole('EXIF orientation of the file; 1 if omitted').optional(),
      })
      .optional()
      .describe('of an image whose boxes may not refer to the image as shown: what became of them'),
  })
  .describe('file');

const Risk = z.strictObject({
  decisions: whole('number of decisions that it was learnt from'),
  wrong: whole('how many of them found a wrong label'),
  coefficients: z.array(number('number')).describe('of the risk model'),
});

/** Earlier versions recorded sentences. */
const Reasons = z.array(
  z.union([ReasonSchema, z.string().transform((sentence): Reason => ({ text: sentence }))]),
);

const Shares = z
  .partialRecord(z.enum(SHARES), number('share'))
  .describe(
    'parts of the budget, one number for each stratum, and `likeliest` for what goes to the likeliest faults of any stratum; they need not add up to 1',
  );
const Diverse = z
  .array(z.enum(PRIORITY_STRATA))
  .describe('strata that no region of the embedding space may fill alone');

const Policy = z.strictObject({
  shares: Shares,
  diverse: Diverse,
  method: text('id of the selection method in place of the ranked strata').optional(),
});

const QueuePolicy = z.strictObject({
  name: text('name of the policy').optional(),
  shares: Shares.optional(),
  diverse: Diverse.optional(),
  method: text('id of the selection method in place of the ranked strata').optional(),
  roles: z.array(z.enum(ROLES)).optional().describe('which images could be queued'),
  budget: orJson(
    z.union([
      z.strictObject({ share: z.number().describe('of the candidates') }),
      z.strictObject({ items: z.int().describe('number of items') }),
    ]),
  )
    .optional()
    .describe('how large the queue was to be'),
  everything: flag('all images that pass the filter, whatever their scores').optional(),
  ownConflicts: flag('whether reviewers may judge conflicts that their own answer is part of').optional(),
});

const Decision = z
  .strictObject({
    sha256: hash('image'),
    verdict: z.enum(VERDICTS).describe('what was decided'),
    queue: whole(
      'number of the queue that it answers or adjudicates; a decision without one settles its image',
    ).optional(),
    place: whole("in a review: position of the item in the reviewer's order of the queue, from 0").optional(),
    label: text('class of the image according to this decision').optional(),
    reason: text('why it is rejected, or taken back').optional(),
    comment: text(
      'what the reviewer adds in words; with `flagged`, the question to the specialist',
    ).optional(),
    undoes: whole('only in an `undo`: number of the decision that it takes back').optional(),
    purpose: z.enum(PURPOSES).optional().describe('`review` if omitted'),
    durationMs: whole(
      'time from shown to answered, without idle time; in a grid its share of the time for the whole grid',
    ).optional(),
    grid: whole(
      'how many items were on the screen at once, each with a decision of its own in this event; omitted for one alone',
    ).optional(),
    flagged: flag('asks a specialist to look').optional(),
    party: flag("of a judgement: the judge's own answer is part of the conflict").optional(),
    spread: flag(
      'the decision was made on a near-duplicate of this image, which was shown instead',
    ).optional(),
    boxes: z.array(Box).optional().describe('with a relabel: all boxes of the image as they should be'),
    shown: text('of a gold item: the label that was shown').optional(),
    known: text('of a gold item: the label known to be right').optional(),
  })
  .describe('decision');

const Pictures = z
  .enum(PICTURES)
  .describe('whether it holds the originals of its images, or small pictures of them');

/** Of a decision that was made in a hand-out: its number there, and its time. */
const inHandout = {
  number: whole("number of the decision in the hand-out's own record"),
  at: text("when it was made, by the clock of the reviewer's machine, UTC"),
};

const PersonKey = hash("the person's Ed25519 public key, 32 bytes in hex");
const Roles = z.array(z.enum(PERSON_ROLES)).describe('what they may do');
const Identity = text('how it was made sure who they are');
const Code = {
  codeHash: hash('sha256 of the one-time code that opens the account'),
  codeUntil: text('until when it counts, UTC'),
};
const Requirement = (task: string) =>
  z
    .strictObject({
      training: flag('training on the guideline in force'),
      calibration: number('least accuracy of the newest calibration, 0 to 1; none if omitted').optional(),
      credentials: z.array(z.string()).describe('kinds of credential, each of them in date'),
    })
    .describe(`what ${task} takes`);

/** The body of every kind of event. */
export const EVENTS = {
  'project.created': z
    .strictObject({
      uid: text('UUID of the project'),
      name: text('name of the project'),
      model: text('fingerprint of the embedding model that it works with').optional(),
      modelId: text('its name and version').optional(),
    })
    .describe('The project was created. Always the first event, and never any other.'),

  'record.accepted': z
    .strictObject({
      givenUp: z
        .array(
          z.strictObject({
            events: whole('events that the checkpoint commits to'),
            head: hash('`hash` of the last of them'),
          }),
        )
        .describe('known checkpoints that the events before this one do not lead to'),
    })
    .describe(
      'The actor put an older state back, or another one, and goes on from it knowingly; see [Checkpoints](#checkpoints).',
    ),

  'clock.set-back': z
    .strictObject({ before: text('`at` of the event in front, over a second after this one') })
    .describe(
      'The clock of the machine had been set back when the actor wrote the next event. Not in records of earlier versions: there, times alone show it.',
    ),

  'model.chosen': z
    .strictObject({
      model: text('fingerprint of the embedding model'),
      modelId: text('its name and version'),
      images: whole('images of the project at that time, all of them embedded by it'),
    })
    .describe(
      'The project works with another embedding model from here on: for imports and runs that name none. Earlier runs keep theirs.',
    ),

  'batch.created': z
    .strictObject({
      name: text('name of the batch, unique in the project'),
      role: z.enum(ROLES).describe('what its images are for'),
      root: text('folder that paths of its files are relative to'),
      source: text('format that it was read in'),
      generator: text('generator of its images').optional(),
      generatorVersion: text('version of that generator').optional(),
      generation: whole('number of times that images were generated from generated ones').optional(),
      parents: z.array(z.string()).describe('names of the batches that the generator was trained on'),
      classes: z.array(z.string()).describe('classes that the dataset declares, in its order'),
    })
    .describe('A batch of files was started.'),

  'import.surveyed': z
    .strictObject({
      batch: text('name of the batch'),
      left: z
        .array(
          z.strictObject({
            kind: text('what it is, such as `polygon` or `file`'),
            name: text('tells apart things of a kind, such as the extension of files; or empty'),
            count: whole('how many'),
            example: text('a file that has it').optional(),
          }),
        )
        .describe('what the dataset has and the import does not take over'),
      skipped: whole('records of the dataset that were left out because they are faulty'),
    })
    .describe(
      'A dataset was listed for a batch, and not all that is in it is taken over. Replaces what an earlier such event says of the batch.',
    ),

  'files.imported': z
    .strictObject({
      batch: text('name of the batch'),
      files: z.array(File).describe('up to 128 of its files'),
      facts: hash(
        'digest of what was measured of the images that it names first, see [Derived rows](#derived-rows)',
      ).optional(),
    })
    .describe('Files were read into a batch.'),

  'run.finished': z
    .strictObject({
      model: text('fingerprint of the embedding model'),
      modelId: text('its name and version'),
      device: text('device that it ran on'),
      parameters: orJson(z.record(z.string(), z.unknown())).describe('everything that the run depends on'),
      images: whole('images that were scored'),
      digest: hash('digest of everything derived, see [Runs](#runs)'),
      scores: z
        .array(z.strictObject({ id: whole('number of the score'), name: text('its name') }))
        .describe('what the numbers of scores mean')
        .optional(),
      vectors: z
        .array(
          z.strictObject({
            model: text('fingerprint of a model'),
            digest: hash('digest of its vectors of all images, see [Derived rows](#derived-rows)'),
            patches: hash('the same of its patches; omitted where an image had none').optional(),
          }),
        )
        .describe('what it was computed from')
        .optional(),
      reports: hash(
        'digest of its reports on labels, its maps and its verdicts on objects, see [Derived rows](#derived-rows)',
      ).optional(),
    })
    .describe('All images were scored. Runs are numbered from 1 in the order of these events.'),

  'queue.made': z
    .strictObject({
      run: whole('number of the run that it was filled from'),
      policy: orJson(QueuePolicy).describe('how the items were chosen'),
      risk: Risk.optional().describe('the label risk model, if decisions had trained it'),
      seed: whole('seed of every random draw'),
      frame: whole('number of things that could be reviewed, near-duplicates counted once'),
      rest: whole('how many of these were not chosen by rank'),
      audited: whole('how many of the rest were drawn at random'),
      reviewers: whole('number of answers that every item needs; 1 if omitted').optional(),
      endsIn: z
        .enum(ENDS)
        .optional()
        .describe(
          'what its items come to: one `label`, by agreement or judgement, or the `distribution` of their answers, of which the commonest holds; `label` if omitted',
        ),
      blind: flag('whether the given label is hidden until the answer; false if omitted').optional(),
      goldRate: number('share of gold items among those shown; 0 if omitted').optional(),
      goldThreshold: number(
        'accuracy on gold items below which a reviewer is paused; 0.8 if omitted',
      ).optional(),
      filter: orJson(z.record(z.string(), z.unknown())).optional().describe('filter that images had to pass'),
      gold: z
        .array(z.strictObject({ sha256: hash('image'), label: text('label known to be right') }))
        .optional()
        .describe('images that gold items are drawn from'),
      items: z
        .array(
          z.strictObject({
            sha256: hash('image'),
            stratum: z.enum([...STRATA, 'chosen']).describe('stratum that it was queued for'),
            reasons: Reasons.describe('why it was queued: a score, the method that chose it, or a sentence'),
            priority: number('how much it is worth reviewing, 0 to 1'),
            inclusionProbability: number('probability of entering the queue, above 0, at most 1'),
            group: z.array(hash('image')).describe('near-duplicates that it represents'),
          }),
        )
        .describe('in the order of the queue'),
    })
    .describe('A queue was filled. Queues are numbered from 1 in the order of these events.'),

  'queue.described': z
    .strictObject({
      queue: whole('number of the queue'),
      name: text('what people call it').optional(),
      due: text('day by which it is to be answered, such as `2026-12-01`').optional(),
      assignees: z
        .array(
          z.strictObject({
            reviewer: text('who is to answer it'),
            answers: whole(
              'answers asked of them; an equal share of what the queue needs if omitted',
            ).optional(),
          }),
        )
        .describe('who is to answer it'),
      instructions: text('how to answer it, in Markdown, with its images').optional(),
    })
    .describe('What people are told of a queue was set. Replaces what was said of it before.'),

  'queue.reranked': z
    .strictObject({
      queue: whole('number of the queue'),
      afterAnswers: whole(
        'answers in the queue since it was last ranked, where these brought it about; omitted where somebody asked',
      ).optional(),
      risk: Risk.describe('the label risk model at that time'),
      items: z
        .array(
          z.strictObject({
            sha256: hash('image'),
            place: whole('its new position, from 0'),
            priority: number('how much it is now worth reviewing, 0 to 1'),
            reasons: Reasons.describe('why it is queued: a score, the method that chose it, or a sentence'),
          }),
        )
        .describe('items whose position or reasons changed'),
    })
    .describe(
      'What is left of a queue was ranked again. With `afterAnswers` nobody asked for it, and the actor is whose answer completed the number.',
    ),

  'reranking.set': z
    .strictObject({
      after: whole(
        'answers in a queue after which what is left of it is ranked again without being asked, 50 until the first such event; 0 for never',
      ),
    })
    .describe('When queues are ranked again was set, for every queue of the project.'),

  'policy.saved': z
    .strictObject({
      name: text('name of the policy'),
      policy: orJson(Policy).describe('how it fills a queue'),
    })
    .describe('A queue policy was saved under a name, replacing any earlier one of that name.'),

  'policy.removed': z
    .strictObject({ name: text('name of the policy') })
    .describe('A queue policy was removed.'),

  'decisions.made': z
    .strictObject({
      context: z
        .enum(CONTEXTS)
        .optional()
        .describe(
          'where the act was made: answers in the `review` of a queue, adjudications of its `conflict`s, or images settled in `explore`, as a whole `view`, or by `command`; omitted by versions that did not record it',
        ),
      decisions: z.array(Decision).describe('the decisions, in order'),
    })
    .describe('The actor decided. Decisions are numbered from 1 through all these events.'),

  'handout.made': z
    .strictObject({
      handout: text('UUID of the hand-out: that of the project which it is'),
      queue: whole('number of the queue'),
      reviewer: text('who is to answer it'),
      pictures: Pictures,
      expires: text('answers given from this moment on are not taken, UTC').optional(),
      events: whole('events of its own record when it was made'),
      head: hash('`hash` of the last of them'),
      items: z
        .array(
          z.strictObject({
            sha256: hash('image'),
            label: text('label that it is shown with').optional(),
            answers: whole(
              'answers that the item of the queue needs from here on, so that two reviewers can be compared; as many as the queue asks for if omitted',
            ).optional(),
          }),
        )
        .describe('what it holds, in its order, gold items among them'),
    })
    .describe('A part of a queue was written to a file, for a reviewer on another machine.'),

  'handout.recalled': z
    .strictObject({ handout: text('its UUID'), reason: text('why').optional() })
    .describe('Answers that are given in the hand-out after this event are not taken.'),

  'handout.contents': z
    .strictObject({
      project: text('UUID of the project that it was made from'),
      name: text('name of that project'),
      queue: whole('number of the queue there'),
      reviewer: text('who is to answer it'),
      pictures: Pictures,
      expires: text('answers given from this moment on are not taken, UTC').optional(),
      workstation: hash('public key of the workstation that made it, 32 bytes in hex'),
    })
    .describe('Only in the record of a hand-out, which is a small project of its own: what it is of.'),

  'answers.collected': z
    .strictObject({
      handout: text('UUID of the hand-out'),
      reviewer: text('who answered'),
      events: whole("events of the hand-out's own record that were looked at, from the first on"),
      head: hash('`hash` of the last of them'),
      publicKey: hash(
        "Ed25519 public key that signed them, 32 bytes in hex: with accounts the reviewer's, else that of their workstation",
      ),
      signature: z
        .string()
        .regex(/^[0-9a-f]{128}$/)
        .describe('its signature, 64 bytes in hex, see [Hand-outs](#hand-outs)'),
      decisions: z
        .array(Decision.extend(inHandout).describe('decision'))
        .describe('what was taken, in order'),
      left: z
        .array(
          z.strictObject({
            ...inHandout,
            sha256: hash('image'),
            reviewer: text('who said it'),
            verdict: z.enum(VERDICTS).describe('what was said'),
            label: text('class of the image according to it').optional(),
            reason: text('why it is rejected').optional(),
            why: z.enum(LEFT_WHYS).describe('why it was not taken'),
            held: z
              .strictObject({
                reviewer: text('whose decision it is'),
                verdict: z.enum(VERDICTS).describe('what it says'),
                label: text('class of the image according to it').optional(),
              })
              .optional()
              .describe('what held for the image instead'),
          }),
        )
        .describe('what was not taken, in order'),
    })
    .describe(
      'The actor took answers from a hand-out. Its decisions are those of `reviewer`, and are numbered with those of `decisions.made`.',
    ),

  'copies.answered': z
    .strictObject({
      answers: z
        .array(
          z
            .strictObject({
              sha256: hash('image that a rule took for a copy'),
              other: hash('image that it was taken for a copy of'),
              answer: z
                .enum([...COPY_ANSWERS, 'withdrawn'])
                .describe('what the actor says of the pair; `withdrawn` leaves it to the rule again'),
              comment: text('what the actor adds in words').optional(),
              certainty: z.enum(PAIR_CERTAINTIES).describe('what the rule said of the pair').optional(),
              similarity: number('how much alike the rule found them, 0 to 1').optional(),
              laid: flag(
                'whether that was found by laying one over the other, rather than by signatures; false if omitted',
              ).optional(),
            })
            .describe('answer'),
        )
        .describe('answers, each about one pair'),
    })
    .describe(
      'The actor said of pairs of images whether one is a copy of the other. The newest answer about a pair holds, and overrules the rule.',
    ),

  'reject-reasons.set': z
    .strictObject({
      reasons: z
        .array(z.string())
        .describe('ids of known reasons, and own words for others, in the order of the digit keys'),
    })
    .describe("The project's list of reasons for a reject was set. Replaces any earlier one."),

  'views.set': z
    .strictObject({
      views: z
        .array(
          z.strictObject({
            name: z.string(),
            link: z
              .string()
              .describe('the search of the address of Explore as JSON: filter, sort, and how it is shown'),
          }),
        )
        .describe('every saved view, by name'),
    })
    .describe("The project's saved views were set. Replaces any earlier list."),

  'images.tagged': z
    .strictObject({
      tag: text('free word'),
      images: z.array(hash('image')).describe('images that it was put on'),
    })
    .describe('A tag was put on images.'),

  'images.untagged': z
    .strictObject({
      tag: text('free word'),
      images: z.array(hash('image')).describe('images that it was taken off'),
    })
    .describe('A tag was taken off images.'),

  'new-classes.set': z
    .strictObject({ allowed: flag('whether reviewers may add classes; not before it is set') })
    .describe('Whether reviewers may add classes was set. Replaces any earlier setting.'),

  'class.added': z
    .strictObject({ name: text('name of the class') })
    .describe('A class was added by hand, for reviewers to give to images.'),

  'reviewer.resumed': z
    .strictObject({
      queue: whole('number of the queue'),
      reviewer: text('reviewer who may continue in it after a pause'),
    })
    .describe('The actor let a reviewer continue whose answers to gold items had paused them.'),

  'release.exported': z
    .strictObject({
      format: text('format of the dataset'),
      folder: text('where it was written'),
      images: whole('images in it'),
      manifestSha256: hash('sha256 of the bytes of its file `assay-manifest.json`'),
      options: orJson(
        z.strictObject({
          roles: z.array(z.enum(ROLES)).describe('roles whose images are included'),
          undecided: z
            .enum(['in', 'out'])
            .describe('whether synthetic images without a decision are included'),
          include: z.array(z.string()).describe('kinds of images included that are left out by default'),
          tag: text('only images with this tag are included').optional(),
        }),
      ).describe('what the release includes'),
      mix: z
        .strictObject({
          realShare: number('share of real images that was asked for, 0 to 1'),
          floor: number('share of real images that no batch was to fall below'),
          batchSize: whole('images of a batch'),
          seed: whole('seed of what is drawn and in which order'),
          policy: whole(
            'number of the event with the policy that it was made under; 0 for the one before any',
          ),
          images: whole('images of an epoch, repeated ones counted as often as they are drawn'),
          real: whole('real ones of them'),
          realImages: whole('different real images'),
          leastReal: whole('fewest real images in any batch'),
          belowFloor: text('why it was made below the floor; omitted where it is not').optional(),
        })
        .optional()
        .describe('of a training mix, whose images have an order: how it is mixed'),
    })
    .describe(
      'A dataset was written. Recorded when all of it is on disk, before its folder gets its name: a release that is found is on record.',
    ),

  'release.withdrawn': z
    .strictObject({
      manifestSha256: hash('as in the `release.exported` that is taken back'),
      folder: text('where it was to be'),
      reason: text('why it never got there'),
    })
    .describe('A release that was on record never got its name, and what was written of it is removed.'),

  'mix-policy.set': z
    .strictObject({
      target: number('share of real images in a training mix, 0 to 1'),
      floor: number('share of real images that no batch may fall below; at most the target'),
      generations: z
        .array(z.int())
        .optional()
        .describe('generations of synthetic images that may be mixed in, ascending; all if omitted'),
      unreviewed: flag('whether synthetic images that nobody looked at may be in'),
    })
    .describe(
      'How real and synthetic images may be mixed for training was set. Replaces any earlier policy.',
    ),

  'round.added': z
    .strictObject({
      name: text('name of the round, unique in the project'),
      mix: hash('sha256 of the manifest of the training mix, as in its `release.exported`'),
      model: z
        .strictObject({
          name: text('name of the model'),
          sha256: hash('sha256 of its file').optional(),
        })
        .optional()
        .describe('what was trained'),
      realImages: whole('different real images in the mix'),
      newRealImages: whole(
        'those of them imported since the mix of the round before was made; all in the first round',
      ),
      realShare: number('real images as a share of the epoch, 0 to 1'),
      holdout: z
        .array(z.strictObject({ measure: text('what was measured'), value: number('its value') }))
        .optional()
        .describe('what the actor says was measured on the hold-out'),
    })
    .describe('A model was trained on a mix. Rounds are numbered from 1 in the order of these events.'),

  'costs.set': z
    .strictObject({
      currency: text('label of every amount from here on; nothing is converted').optional(),
      inputs: z
        .array(
          z.strictObject({
            input: z
              .enum(COST_INPUT_IDS)
              .describe('input of the cost model (docs/strategy/cost.md), each at most once'),
            low: number('the least that it may be; 0 or more, and shares are at most 1'),
            high: number('the most that it may be; not below `low`'),
            source: text('where the numbers are from').optional(),
          }),
        )
        .describe('inputs that are set, each in place of what was set of it earlier'),
      released: z
        .array(z.enum(COST_INPUT_IDS))
        .optional()
        .describe('inputs that are no longer set: measured, counted or a default again'),
    })
    .describe('Inputs of the cost model were set. What is not named stays as it is.'),

  'plan-target.set': z
    .strictObject({
      kind: z
        .enum(['balanced', 'real-share', 'floor', 'custom', 'experiment'])
        .describe(
          'what is wanted of each class, real and usable synthetic images together: as many as of the one with the most, its share of the real images, at least `images`, what `classes` says, or what `experiment` says pays',
        ),
      images: whole('images of every class at least; of `floor`').optional(),
      classes: z
        .array(z.strictObject({ label: text('class'), images: whole('images of it that are wanted') }))
        .optional()
        .describe('of `custom`; of the other classes no more are wanted'),
      experiment: whole('number of the experiment; of `experiment`').optional(),
    })
    .describe('What to generate towards was set. Replaces any earlier target.'),

  'suitability.answered': z
    .strictObject({
      question: z
        .enum(SUITABILITY_QUESTION_IDS)
        .describe('which question on the task (docs/strategy/suitability.md)'),
      answer: z.enum(SUITABILITY_ANSWERS).describe('what the actor says'),
      reason: text('why'),
    })
    .describe(
      'The actor answered a question on whether the task may absorb synthetic data. The newest answer to a question holds.',
    ),

  'experiment.recorded': z
    .strictObject({
      digest: hash('sha256 of `results`'),
      results: text('JSON of everything that was measured, and how (docs/strategy/experiment.md)'),
      predictions: z
        .strictObject({ name: text('what the network is called'), sha256: hash('of the file') })
        .optional()
        .describe('what an own network said of the hold-out; omitted where the learners ran in Assay'),
    })
    .describe(
      'Ratios of real to synthetic images were measured on the hold-out. Experiments are numbered from 1 in the order of these events.',
    ),

  'accounts.enabled': z
    .strictObject({
      id: text('name that the first administrator signs in with: the actor'),
      name: text('their name as printed'),
      roles: Roles,
      identity: Identity,
      publicKey: PersonKey,
      idleMinutes: whole('idle time after which a person has to sign in again'),
    })
    .describe(
      'Accounts were turned on. From here on every actor is a person who signed in, except `assay`, which stands for nobody. There is no way back.',
    ),

  'person.invited': z
    .strictObject({
      id: text('name that they sign in with, never given before'),
      name: text('their name as printed'),
      roles: Roles,
      identity: Identity,
      ...Code,
    })
    .describe('A person was given an account, to be opened with a one-time code.'),

  'person.enrolled': z
    .strictObject({ publicKey: PersonKey })
    .describe(
      'The actor opened their account with the code, and set a password. Their key counts from here on.',
    ),

  'person.changed': z
    .strictObject({
      person: text('whose account'),
      name: text('their name as printed').optional(),
      roles: Roles.optional(),
    })
    .describe('Name or roles of a person were changed. Earlier signatures keep the earlier name.'),

  'person.reset': z
    .strictObject({ person: text('whose account'), reason: text('why'), ...Code })
    .describe(
      'Password and key of a person were taken away; a new code opens the account. They cannot sign until somebody else than the actor allows it.',
    ),

  'signing.allowed': z
    .strictObject({ person: text('who may sign') })
    .describe('A person may sign again after a reset. The actor is neither they nor who reset them.'),

  'person.unlocked': z
    .strictObject({ person: text('whose account') })
    .describe('An account that wrong passwords had locked was opened again.'),

  'person.revoked': z
    .strictObject({ person: text('whose account'), reason: text('why') })
    .describe('An account was closed for good, and its key with it.'),

  'password.changed': z.strictObject({}).describe('The actor changed their password. Their key stays.'),

  'person.signed-in': z
    .strictObject({ workstation: hash('public key of the workstation, 32 bytes in hex') })
    .describe('The actor signed in.'),

  'sign-in.refused': z
    .strictObject({
      person: text('whose account was tried'),
      failures: whole('wrong passwords in a row'),
      locked: flag('whether that locked the account'),
      workstation: hash('public key of the workstation, 32 bytes in hex'),
    })
    .describe('A wrong password or code was given for an account. The actor is `assay`: nobody is known.'),

  'competence.recorded': z
    .strictObject({
      person: text('whose'),
      credential: z
        .strictObject({
          credential: text('what it is, such as `radiologist`'),
          issuer: text('who gave it'),
          number: text('number that it has there; may be empty'),
          documentSha256: hash('sha256 of the document that shows it').optional(),
          validUntil: text('last day on which it counts').optional(),
        })
        .optional()
        .describe('that they are qualified; the actor made sure of it'),
      training: z
        .strictObject({
          guideline: hash('sha256 of the guideline that they were trained on'),
          score: number('result, 0 to 1').optional(),
        })
        .optional()
        .describe('that they were trained'),
      calibration: z
        .strictObject({
          queue: whole('number of the queue'),
          items: whole('gold items that they answered in it'),
          accuracy: number('share of right answers'),
          kappa: number("Cohen's kappa against the known labels").optional(),
        })
        .optional()
        .describe('how they answered items with a known answer'),
    })
    .describe(
      'What shows that a person is able to do a task was recorded: exactly one of `credential`, `training` and `calibration`. Numbered from 1 in the order of these events.',
    ),

  'competence.withdrawn': z
    .strictObject({ competence: whole('its number'), reason: text('why') })
    .describe('What was recorded of a person counts no longer.'),

  'requirements.set': z
    .strictObject({
      review: Requirement('reviewing'),
      judge: Requirement('judging conflicts and answering questions'),
      sign: Requirement('signing'),
    })
    .describe('What people have to have on record for a task was set. Replaces any earlier setting.'),

  'guideline.published': z
    .strictObject({ sha256: hash('sha256 of the text in UTF-8'), text: text('the guideline, in Markdown') })
    .describe('A guideline is in force from here on, for every decision until the next one.'),

  'record.signed': z
    .strictObject({
      record: z
        .strictObject({
          kind: z.enum(['decision', 'dataset', 'release']).describe('what was signed'),
          image: hash('of a decision: its image').optional(),
          release: whole('of a release: its number').optional(),
        })
        .describe('what was signed'),
      version: hash('hash of the version that was signed, see [Signatures](#signatures)'),
      event: whole('number of the event that made this version'),
      name: text("the signer's name as printed"),
      meaning: z.enum(MEANINGS).describe('what the signature says'),
      comment: text('what the signer adds in words').optional(),
      time: text('UTC'),
      local: text("the same moment with the signer's offset from UTC"),
      headEvents: whole('number of the event before this one'),
      head: hash('hash of the event before this one'),
      publicKey: PersonKey,
      signature: z
        .string()
        .regex(/^[0-9a-f]{128}$/)
        .describe('Ed25519 signature, 64 bytes in hex'),
    })
    .describe('The actor signed a record.'),
};

export type EventKind = keyof typeof EVENTS;
export type EventBodies = { [K in EventKind]: z.output<(typeof EVENTS)[K]> };

/** A file as an import recorded it: an image by its hash, or the reason why it is not one. */
export type RecordedFile = z.output<typeof File>;
/** A label risk model trained by decisions. */
export type RecordedRisk = z.output<typeof Risk>;
/** How a queue was filled. */
export type RecordedQueuePolicy = z.output<typeof QueuePolicy>;
/** How a policy fills a queue. */
export type RecordedPolicy = z.output<typeof Policy>;
export type RecordedDecision = z.output<typeof Decision>;
/** A decision that came back in a hand-out. */
export type CollectedDecision = EventBodies['answers.collected']['decisions'][number];

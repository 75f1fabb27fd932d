import type { ExportJob } from './define.ts';
import type { Survey } from './items.ts';
import { counted } from '../../../rpc/format.ts';

/**
 * The responsible-AI properties (Croissant RAI 1.0, and `hasSyntheticData`) that follow from the release; those that
 * need a person's judgement are left out, and docs/formats.md names them.
 */
export function responsible({ dataset, count }: ExportJob, found: Survey): object {
  const { given, accepted, relabelled } = dataset.counts;
  const { roles, generators, unlabelled, unchecked, hasBoxes } = found;
  const tool = `Assay ${dataset.appVersion}`;
  const by = generators.length > 0 ? ` by ${generators.join(', ')}` : '';
  const parts = [
    ...(roles.real > 0 ? [counted(roles.real, 'real image')] : []),
    ...(roles.synthetic > 0 ? [`${counted(roles.synthetic, 'image')} generated${by}`] : []),
    ...(roles.holdout > 0 ? [`${counted(roles.holdout, 'real image')} held out for testing`] : []),
  ];
  return {
    'rai:hasSyntheticData': roles.synthetic > 0,
    'rai:dataCollection': `${parts.join(', ')}, from the batches ${found.batches.join(', ')}.`,
    'rai:dataCollectionType': [
      ...(accepted + relabelled > 0 ? ['Manual Human Curation'] : []),
      ...(roles.synthetic > 0 ? ['Software Collection'] : []),
      'Others',
    ],
    'rai:dataCollectionMissingData': `${counted(unlabelled, 'image has', 'images have')} no label.${hasBoxes ? ` Nobody looked for boxes in ${counted(unchecked, 'image')}; images with an empty list were looked at.` : ''}`,
    'rai:dataPreprocessingProtocol': 'None: every file is the original, byte for byte.',
    'rai:dataManipulationProtocol': `Reviewers changed ${counted(relabelled, 'label')}; the given label stays beside each. No pixel was changed.`,
    'rai:dataAnnotationProtocol':
      'People review the images that scores single out, and confirm or change the label; other images keep the label they came with.',
    'rai:annotationsPerItem': `By people in Assay, besides the label that an image came with: ${found.judged
      .map(([judgements, images]) => `${judgements} in ${counted(images, 'image')}`)
      .join(
        ', ',
      )}. Each is in the column judgements, with who made it, the guideline in force and whether blind; label_distribution has the shares of their answers.`,
    'rai:dataAnnotationPlatform': tool,
    'rai:dataAnnotationAnalysis': `Of ${counted(count, 'image')}, ${counted(accepted, 'label was', 'labels were')} confirmed and ${relabelled} changed by a reviewer; ${given} ${given === 1 ? 'was' : 'were'} not reviewed.`,
    'rai:machineAnnotationTools': `${tool}: orders images for review, assigns no labels.`,
  };
}

/** Where the images and their labels come from, in the terms of PROV-O. */
export function provenance({ dataset }: ExportJob, { generators, batches }: Survey): object {
  const generation = generators.map((generator) => ({
    '@type': 'prov:Activity',
    'prov:label': 'Image generation',
    'prov:wasAssociatedWith': { '@type': 'prov:SoftwareAgent', 'prov:label': generator },
  }));
  const review = {
    '@type': 'prov:Activity',
    'prov:label': 'Review of labels',
    'prov:endedAtTime': dataset.createdAt,
    'prov:wasAssociatedWith': { '@type': 'prov:SoftwareAgent', 'prov:label': `Assay ${dataset.appVersion}` },
  };
  return {
    'prov:wasDerivedFrom': batches.map((batch) => ({ '@type': 'prov:Entity', 'prov:label': batch })),
    'prov:wasGeneratedBy': [...generation, review],
  };
}

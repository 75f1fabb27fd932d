import { defineScore } from './define.ts';

/** A cosine alone says little: those of one model lie in a narrow band that differs from prompt to prompt. */
export default defineScore({
  id: 'prompt-alignment',
  title: 'Fit of its own prompt',
  group: 'words',
  suspect: 'low',
  range: [0, 1],
  unit: 'share',
  needs: ['ownPromptFit', 'otherPromptFits'],
  meaning: 'other prompts of its batch fit the image better than the one that it was generated from',
  source: 'CLIP R-precision, Park et al. 2021, as a share: other prompts that fit less, equal ones by half',
  threshold: null,
  value({ ownPromptFit, otherPromptFits }, i) {
    const others = otherPromptFits[i]!;
    let less = 0;
    for (const fit of others) less += fit < ownPromptFit[i]! ? 1 : fit === ownPromptFit[i]! ? 0.5 : 0;
    return less / others.length;
  },
});

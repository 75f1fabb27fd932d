/** The usual reading of alpha and kappa (Krippendorff 2004: from .800 reliable, from .667 tentative). */
export function readingOf(agreement: number): string {
  if (agreement >= 0.8) return 'Good: conclusions from these answers are reliable.';
  if (agreement >= 0.667) return 'Tentative: good enough for careful conclusions only.';
  if (agreement > 0) return 'Poor: the classes or the instructions need to be clearer.';
  return 'No better than chance.';
}

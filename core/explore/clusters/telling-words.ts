/** Words of all prompts one after another, as numbers. */
export interface WordStream {
  /** By word number. */
  vocabulary: readonly string[];
  each: (visit: (image: number, word: number) => void) => void;
}

/** Terms looked at: the most frequent ones. Further ones name nothing. */
const MOST_TERMS = 20_000;
/** A word tells a cluster apart where it is this many times as frequent there as over all. */
const LEAST_LIFT = 1.5;
/** It occurs at least once in so many of the cluster's prompts. */
const ONE_IN = 10;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/**
 * The words that tell each cluster's prompts from the others', the most telling first, by class-based TF-IDF
 * (Grootendorst 2022): tf(t, c) · log(1 + A / f(t)), where tf(t, c) is the share of the term among the cluster's words,
 * f(t) how often it occurs over all, and A the mean number of words of a cluster. A word that is about as frequent
 * elsewhere is left out, and so is one without a letter. `clusterOf` is by image number; -1 is in none.
 */
export function tellingWords(
  { vocabulary, each }: WordStream,
  clusterOf: Int32Array,
  clusters: number,
  most: number,
): string[][] {
  const { texts, termOf } = termsOf(vocabulary);
  const frequency = new Uint32Array(texts.length);
  const perCluster = new Float64Array(clusters);
  const prompts = new Uint32Array(clusters);
  let last = 0;
  const visitEach = (visit: (cluster: number, term: number, image: number) => void): void =>
    each((image, word) => {
      const term = termOf[word]!;
      const cluster = clusterOf[image] ?? -1;
      if (term >= 0 && cluster >= 0) visit(cluster, term, image);
    });
  visitEach((cluster, term, image) => {
    frequency[term]!++;
    perCluster[cluster]!++;
    if (image !== last) prompts[cluster]!++;
    last = image;
  });
  const kept = [...frequency.keys()]
    .filter((term) => frequency[term]! > 0)
    .sort((a, b) => frequency[b]! - frequency[a]!)
    .slice(0, MOST_TERMS);
  const placeOf = new Int32Array(texts.length).fill(-1);
  for (const [place, term] of kept.entries()) placeOf[term] = place;
  const counts = new Uint32Array(clusters * kept.length);
  visitEach((cluster, term) => {
    const place = placeOf[term]!;
    if (place >= 0) counts[cluster * kept.length + place]!++;
  });
  const words = perCluster.reduce((sum, count) => sum + count, 0);
  const mean = words / Math.max(1, perCluster.filter((count) => count > 0).length);
  return Array.from({ length: clusters }, (_, cluster) => {
    const scored: { text: string; weight: number }[] = [];
    for (const [place, term] of kept.entries()) {
      const count = counts[cluster * kept.length + place]!;
      if (count === 0 || count < prompts[cluster]! / ONE_IN) continue;
      const share = count / perCluster[cluster]!;
      if (share < LEAST_LIFT * (frequency[term]! / words)) continue;
      scored.push({ text: texts[term]!, weight: share * Math.log(1 + mean / frequency[term]!) });
    }
    return scored
      .sort((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1))
      .slice(0, most)
      .map(({ text }) => text);
  });
}

/** Words without the marks at their edges, those that are alike under one number; -1 for a word without a letter. */
function termsOf(vocabulary: readonly string[]): { texts: string[]; termOf: Int32Array } {
  const numbers = new Map<string, number>();
  const termOf = new Int32Array(vocabulary.length).fill(-1);
  for (const [word, text] of vocabulary.entries()) {
    const term = text.replace(EDGES, '');
    if (term.length < 2 || !/\p{L}/u.test(term)) continue;
    let number = numbers.get(term);
    if (number === undefined) numbers.set(term, (number = numbers.size));
    termOf[word] = number;
  }
  return { texts: [...numbers.keys()], termOf };
}

import { counted, integer } from '../../../rpc/format.ts';
import type { ExportItem, LossCounter } from './define.ts';

/** Splits and classes are named up to this many. */
const NAMED = 10;
const REMEDY = "so that every split numbers classes alike; torchvision's ImageFolder takes";

/**
 * Counts what class folders do not show: images without a label, and classes that have no image in some split, which
 * would shift the numbers of those behind them, as readers number the folders of each split by themselves.
 */
export class ClassFolderCounter implements LossCounter {
  readonly #foldersOf: (splits: (string | null)[]) => Map<string | null, string>;
  readonly #unlabelledIn: string;
  #unlabelled = 0;
  readonly #labels = new Set<string>();
  readonly #labelsOf = new Map<string | null, Set<string>>();

  /** `foldersOf`: the folder of each split; '' where all images are together. */
  constructor(foldersOf: (splits: (string | null)[]) => Map<string | null, string>, unlabelledIn: string) {
    this.#foldersOf = foldersOf;
    this.#unlabelledIn = unlabelledIn;
  }

  add({ label, split }: ExportItem): void {
    const labels = this.#labelsOf.get(split) ?? new Set();
    this.#labelsOf.set(split, labels);
    if (label === null) this.#unlabelled += 1;
    else {
      labels.add(label);
      this.#labels.add(label);
    }
  }

  result(): string[] {
    const found: string[] = [];
    if (this.#unlabelled > 0)
      found.push(
        `${counted(this.#unlabelled, 'image')} without a label: ${this.#unlabelledIn}, where readers look for no class`,
      );
    const folders = this.#foldersOf([...this.#labelsOf.keys()]);
    const labelsIn = new Map<string, Set<string>>();
    for (const [split, labels] of this.#labelsOf) {
      const folder = folders.get(split)!;
      labelsIn.set(folder, new Set([...(labelsIn.get(folder) ?? []), ...labels]));
    }
    for (const [folder, labels] of labelsIn) {
      const missing = [...this.#labels].filter((label) => !labels.has(label)).sort();
      if (missing.length === 0) continue;
      const names = missing.slice(0, NAMED).map((name) => JSON.stringify(name));
      const more = missing.length > NAMED ? ', …' : '';
      const where = `without an image in ${folder} (${names.join(', ')}${more})`;
      found.push(
        missing.length === 1
          ? `1 class ${where}: an empty folder, ${REMEDY} it with allow_empty=True`
          : `${integer(missing.length)} classes ${where}: empty folders, ${REMEDY} them with allow_empty=True`,
      );
    }
    return found;
  }
}

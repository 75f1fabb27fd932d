import { useWhyNot } from '../../who-acts.ts';
import { useKeys } from '../../parts/use-keys.ts';
import type { Asking } from './bulk/bulk-bar.tsx';
import type { BulkAnswer } from '../../../rpc/contract/reviews.ts';

interface ExploreKeys {
  count: number;
  labels: readonly string[];
  onAnswer: (answer: BulkAnswer) => void;
  onAsk: (asking: Asking) => void;
  onUndo: () => void;
  onThumb: (steps: 1 | -1) => void;
  onSearch: () => void;
  onChooseView: () => void;
  onClear: () => void;
  /** Where two images are chosen. */
  onCompare?: () => void;
}

/** The keys of Explore: those of Review where they mean the same, acting on all that is chosen. */
export function useExploreKeys(keys: ExploreKeys): void {
  const chosen = keys.count > 0;
  const whyNot = useWhyNot();
  const decides = chosen && whyNot('judge') === null;
  const tags = chosen && whyNot('review') === null;
  useKeys({
    actions: {
      'zoom-in': () => keys.onThumb(1),
      'zoom-out': () => keys.onThumb(-1),
      'search-label': keys.onSearch,
      'choose-all': keys.onChooseView,
      undo: keys.onUndo,
      ...(keys.onCompare && { compare: keys.onCompare }),
      ...(decides && {
        accept: () => keys.onAnswer({ verdict: 'accept' }),
        relabel: () => keys.onAsk('label'),
        reject: () => keys.onAsk('reason'),
      }),
      ...(tags && {
        tag: () => keys.onAsk('tag'),
        untag: () => keys.onAsk('untag'),
      }),
    },
    label: (index) => {
      const label = keys.labels[index];
      if (!decides || label === undefined) return false;
      keys.onAnswer({ verdict: 'relabel', label });
      return true;
    },
    other: (event) => {
      if (event.key !== 'Escape') return false;
      keys.onClear();
      return true;
    },
  });
}

import { labelIndex } from '../../parts/keys.ts';
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
}

/** The keys of Explore: those of Review where they mean the same, acting on all that is chosen. */
export function useExploreKeys(keys: ExploreKeys): void {
  useKeys({
    down: (action, event) => {
      const index = labelIndex(action);
      const label = index === null ? undefined : keys.labels[index];
      if (action === 'zoom-in') keys.onThumb(1);
      else if (action === 'zoom-out') keys.onThumb(-1);
      else if (action === 'search-label') keys.onSearch();
      else if (action === 'undo') keys.onUndo();
      else if (keys.count === 0) return;
      else if (action === 'accept') keys.onAnswer({ verdict: 'accept' });
      else if (action === 'reject') keys.onAsk('reason');
      else if (label !== undefined) keys.onAnswer({ verdict: 'relabel', label });
      else return;
      event.preventDefault();
    },
    other: (event) => {
      const withControl = event.ctrlKey || event.metaKey;
      if (event.key === 'Escape') {
        keys.onClear();
        return true;
      }
      if (withControl && event.code === 'KeyA' && !event.shiftKey && !event.altKey) {
        keys.onChooseView();
        return true;
      }
      if (event.code === 'KeyR' && !withControl && !event.altKey && keys.count > 0) {
        keys.onAsk('label');
        return true;
      }
      return false;
    },
  });
}

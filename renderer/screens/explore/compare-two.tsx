import { Modal } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { ImageDetail } from '../../../rpc/contract/images.ts';
import { ROLE_WORDS } from '../../../rpc/contract/terms.ts';
import { core, fileUrl } from '../../client.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { useActionOf, useKeyLabel } from '../../parts/use-keys.ts';
import { Beside, HOW, HOWS, Laid, type How } from '../review/compare.tsx';
import { KeyButton } from '../review/key-button.tsx';
import type { Painter } from '../review/painter.ts';
import { PictureCache } from '../review/pictures.ts';
import { Stage } from '../review/stage.tsx';
import { useView } from '../review/use-view.ts';
import classes from './compare-two.module.css';
import layout from './explore.module.css';
import { RoleMark } from './grid/marks.tsx';

interface CompareTwoProps {
  project: string;
  projectKey: string;
  /** Two images; the dialog is closed while there are none. */
  pair: readonly [string, string] | null;
  onClose: () => void;
}

/** Two chosen images as large as the window allows: side by side, by swipe or by flicker, the same part of both. */
export function CompareTwo({ project, projectKey, pair, onClose }: CompareTwoProps) {
  const details = useQueries({
    queries: (pair ?? []).map((sha256) => ({
      queryKey: ['images', 'detail', project, sha256],
      queryFn: ({ signal }: { signal: AbortSignal }) => core.images.detail({ project, sha256 }, { signal }),
    })),
  });
  const [first, second] = details.map(({ data }) => data);
  const failed = details.find(({ isError }) => isError);
  return (
    <Modal
      opened={pair !== null}
      onClose={onClose}
      fullScreen
      title="Compare two images"
      classNames={{ body: layout.body, content: layout.content }}
      transitionProps={{ duration: 0 }}
    >
      {failed && <Failure error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && first && second && (
        <Compared projectKey={projectKey} first={first} second={second} onClose={onClose} />
      )}
      {!failed && !(first && second) && <Loading label="Loading the images" />}
    </Modal>
  );
}

interface ComparedProps {
  projectKey: string;
  first: ImageDetail;
  second: ImageDetail;
  onClose: () => void;
}

function Compared({ projectKey, first, second, onClose }: ComparedProps) {
  const keyLabel = useKeyLabel();
  const [how, setHow] = useState<How>('side');
  const [leader, setLeader] = useState<Painter | null>(null);
  const painter = useRef<Painter | null>(null);
  const { view, actions } = useView(painter);
  const takePainter = useCallback((made: Painter | null) => {
    painter.current = made;
    setLeader(made);
  }, []);
  const urlOf = useCallback((sha256: string) => fileUrl(projectKey, 'image', sha256), [projectKey]);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);
  useEffect(() => pictures.want([first.sha256]), [pictures, first]);
  const actionOf = useActionOf();
  // Keys of the screen rest while a dialog is open: these are the dialog's own.
  const press = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(event);
    const acts: typeof actions = {
      ...actions,
      compare: onClose,
      'compare-how': () => setHow(HOWS[(HOWS.indexOf(how) + 1) % HOWS.length] ?? 'side'),
    };
    const act = action === null ? undefined : acts[action];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const name = `Second image: ${second.label ?? 'no label'}`;
  return (
    <div className={classes.compared}>
      <div className={classes.bar} role="toolbar" aria-label="Compare">
        {HOWS.map((each) => (
          <KeyButton
            key={each}
            keyLabel={each === how ? keyLabel('compare-how') : ''}
            isMarked={each === how}
            onPress={() => setHow(each)}
          >
            {HOW[each]}
          </KeyButton>
        ))}
        <KeyButton keyLabel={keyLabel('compare')} onPress={onClose}>
          Close
        </KeyButton>
      </div>
      <div className={classes.stages} data-side={how === 'side'}>
        <Stage
          sha256={first.sha256}
          size={first}
          name={`First image: ${first.label ?? 'no label'}`}
          pictures={pictures}
          view={view}
          onPainter={takePainter}
          overlay={(at) =>
            how === 'side' ? null : (
              <Laid how={how} name={name} url={urlOf(second.sha256)} view={view} image={first} at={at} />
            )
          }
        />
        {how === 'side' && (
          <Beside sha256={second.sha256} name={name} urlOf={urlOf} view={view} leader={leader} />
        )}
      </div>
      <div className={classes.about}>
        <About detail={first} />
        <About detail={second} />
      </div>
    </div>
  );
}

function About({ detail: { files, label, width, height } }: { detail: ImageDetail }) {
  const [home] = files;
  return (
    <p>
      {home && <RoleMark role={home.role} />} <strong>{label ?? 'no label'}</strong>{' '}
      {home && `${ROLE_WORDS[home.role].adjective}, ${home.batch}, ${home.path}, `}
      {width} × {height}
    </p>
  );
}

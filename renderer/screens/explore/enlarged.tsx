import { Modal } from '@mantine/core';
import { fileUrl } from '../../client.ts';
import { useState } from 'react';
import { OddMap, SHOWS_ODD } from '../../parts/odd-map.tsx';
import { useActionOf } from '../../parts/use-keys.ts';
import { useSettings } from '../../settings.tsx';
import bits from '../../parts/bits.module.css';
import classes from './explore.module.css';

interface EnlargedProps {
  projectKey: string;
  sha256: string | null;
  /** Moves to the image before or after in the view. */
  onMove: (by: 1 | -1) => void;
  onClose: () => void;
}

/** One image as large as the window allows; the arrow keys go on through the view, and a key shows where it looks odd. */
export function Enlarged({ projectKey, sha256, onMove, onClose }: EnlargedProps) {
  const { settings, set } = useSettings();
  const actionOf = useActionOf();
  const showsOdd = settings.panels[SHOWS_ODD] === true;
  const [size, setSize] = useState<{ of: string; width: number; height: number } | null>(null);
  return (
    <Modal
      opened={sha256 !== null}
      onClose={onClose}
      fullScreen
      title="Image"
      classNames={{ body: classes.body, content: classes.content }}
      transitionProps={{ duration: 0 }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') onMove(-1);
        else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') onMove(1);
        else if (event.key === 'Enter') onClose();
        else if (actionOf(event.nativeEvent) === 'odd-map')
          set(({ panels }) => ({ panels: { ...panels, [SHOWS_ODD]: !showsOdd } }));
        else return;
        event.preventDefault();
      }}
    >
      {sha256 !== null && (
        <div className={classes.stage}>
          <img key={sha256} className={bits.picture} src={fileUrl(projectKey, 'thumb', sha256)} alt="" />
          <img
            key={`${sha256} whole`}
            className={bits.picture}
            src={fileUrl(projectKey, 'image', sha256)}
            alt={`Image ${sha256.slice(0, 8)}`}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              setSize({ of: sha256, width, height })
            }
          />
          {showsOdd && size?.of === sha256 && <OddMap sha256={sha256} size={size} />}
        </div>
      )}
    </Modal>
  );
}

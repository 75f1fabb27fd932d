import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { fileUrl } from '../client.ts';
import { useProject } from '../project.tsx';
import bits from './bits.module.css';
import { projectParams } from './folder-address.ts';
import type { GalleryPicture } from './gallery.tsx';
import classes from './picture-viewer.module.css';

interface PictureViewerProps {
  title: string;
  pictures: readonly GalleryPicture[];
  /** Which one is shown; null for none. */
  at: number | null;
  onMove: (to: number) => void;
  onClose: () => void;
}

/** One picture of a gallery as large as the window allows, beside the one that it goes with; arrow keys go on. */
export function PictureViewer({ title, pictures, at, onMove, onClose }: PictureViewerProps) {
  const picture = at === null ? undefined : pictures[at];
  const step = (by: number): void => {
    if (at !== null) onMove(Math.max(0, Math.min(pictures.length - 1, at + by)));
  };
  return (
    <Modal
      opened={picture !== undefined}
      onClose={onClose}
      fullScreen
      title={at === null ? title : `${title}: ${at + 1} of ${pictures.length}`}
      classNames={{ body: classes.body, content: classes.content }}
      transitionProps={{ duration: 0 }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(-1);
        else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(1);
        else return;
        event.preventDefault();
      }}
    >
      {picture && (
        <>
          <div className={classes.sides}>
            {[picture, ...(picture.beside ? [picture.beside] : [])].map((side) => (
              <Side key={side.path} {...side} />
            ))}
          </div>
          <p className={classes.caption}>
            {picture.caption} <span className={bits.dimmed}>← → the others, Esc closes</span>
          </p>
        </>
      )}
    </Modal>
  );
}

function Side({ sha256, path }: { sha256: string; path: string }) {
  const { folder, key } = useProject();
  return (
    <figure className={classes.side}>
      <div className={classes.stage}>
        <img className={bits.picture} src={fileUrl(key, 'thumb', sha256)} alt="" />
        <img className={bits.picture} src={fileUrl(key, 'image', sha256)} alt={path} />
      </div>
      <figcaption className={classes.path}>
        {path}{' '}
        <Link
          to="/p/$folder/explore"
          params={projectParams(folder)}
          search={{ filter: { groupOf: sha256 }, image: sha256 } as never}
        >
          In Explore
        </Link>
      </figcaption>
    </figure>
  );
}

import { useState } from 'react';
import classes from './gallery.module.css';
import { PictureViewer } from './picture-viewer.tsx';
import { Thumb } from './thumb.tsx';

/** A picture that opens enlarged, with the one that it goes with. */
export interface GalleryPicture {
  sha256: string;
  path: string;
  /** Shown beside it, as the real image beside its copy. */
  beside?: { sha256: string; path: string } | null;
  /** What there is to say of it. */
  caption?: string;
}

interface GalleryProps {
  /** Names the pictures for those who do not see them, and heads the enlarged one. */
  title: string;
  pictures: readonly GalleryPicture[];
  /** Edge of each in CSS pixels. */
  size: number;
}

/** Small pictures in rows; each opens enlarged, and the arrow keys go on from there. */
export function Gallery({ title, pictures, size }: GalleryProps) {
  const [at, setAt] = useState<number | null>(null);
  return (
    <>
      <ul className={classes.row} aria-label={title}>
        {pictures.map(({ sha256, path, beside, caption }, i) => (
          <li key={path}>
            <button
              type="button"
              className={classes.open}
              title={caption ?? path}
              aria-label={`Enlarge ${path}`}
              onClick={() => setAt(i)}
            >
              <Thumb sha256={sha256} alt="" size={size} />
              {beside && <Thumb sha256={beside.sha256} alt="" size={size} />}
            </button>
          </li>
        ))}
      </ul>
      <PictureViewer title={title} pictures={pictures} at={at} onMove={setAt} onClose={() => setAt(null)} />
    </>
  );
}

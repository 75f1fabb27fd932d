import { useState } from 'react';
import classes from './rail.module.css';

interface PictureProps {
  thumb: string;
  image: string;
  width: number;
  height: number;
  onEnlarge: () => void;
}

/** The thumbnail at once, the original over it as soon as it is decoded; the box has its shape from the start. */
export function Picture({ thumb, image, width, height, onEnlarge }: PictureProps) {
  const [loaded, setLoaded] = useState<string | null>(null);
  return (
    <button
      type="button"
      className={classes.picture}
      style={{ aspectRatio: `${Math.max(width, 1)} / ${Math.max(height, 1)}` }}
      aria-label="Enlarge the picture"
      onClick={onEnlarge}
    >
      <img src={thumb} alt="" draggable={false} />
      <img
        key={image}
        src={image}
        alt=""
        decoding="async"
        draggable={false}
        data-loaded={loaded === image || undefined}
        onLoad={() => setLoaded(image)}
      />
    </button>
  );
}

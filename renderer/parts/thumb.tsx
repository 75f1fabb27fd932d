import { useState } from 'react';
import { fileUrl } from '../client.ts';
import { useProject } from '../project.tsx';
import bits from './bits.module.css';
import classes from './thumb.module.css';

interface ThumbProps {
  sha256: string;
  /** What it shows, for those who do not see it; empty where the words stand beside it. */
  alt: string;
  /** Edge of the square that it takes, in CSS pixels. */
  size: number;
}

/** A thumbnail in a square of fixed size, whole and uncropped, on neutral grey. */
export function Thumb({ sha256, alt, size }: ThumbProps) {
  const { key } = useProject();
  const url = fileUrl(key, 'thumb', sha256);
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span className={classes.box} style={{ width: size, height: size }}>
      {failed === url ? (
        <span className={bits.dimmed} role="img" aria-label={`${alt} (cannot be shown)`}>
          ?
        </span>
      ) : (
        <img
          className={classes.image}
          src={url}
          alt={alt}
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setFailed(url)}
        />
      )}
    </span>
  );
}

import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { Size, Viewport } from '../review/viewport.ts';
import { outlineOn, placedOn } from './placing.ts';
import classes from './copies.module.css';

interface DifferenceProps {
  copyUrl: string;
  originalUrl: string;
  alteration: Alteration | null;
  image: Size;
  at: Viewport;
}

/** How far every pixel of the copy is from the original's, which is put where it lies on the copy: times 4, black for none. */
export function Difference({ copyUrl, originalUrl, alteration, image, at }: DifferenceProps) {
  const shown = { width: image.width * at.scale, height: image.height * at.scale };
  return (
    <div className={classes.difference} style={{ left: at.x, top: at.y, ...shown }} data-testid="difference">
      <div className={classes.layers} style={{ clipPath: outlineOn(alteration) }}>
        <img src={copyUrl} alt="" draggable={false} />
        <img
          src={originalUrl}
          alt="Difference between the two images"
          draggable={false}
          className={classes.subtracted}
          style={{ transform: placedOn(alteration, shown) }}
        />
      </div>
    </div>
  );
}

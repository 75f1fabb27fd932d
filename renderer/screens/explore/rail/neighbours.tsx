import type { ImageDetail } from '../../../../rpc/contract/images.ts';
import { integer } from '../../../parts/format.ts';
import { Thumb } from '../../../parts/thumb.tsx';
import { RoleMark } from '../grid/marks.tsx';
import { Part } from './part.tsx';
import classes from './rail.module.css';

const NEIGHBOUR_PX = 84;

interface NeighboursProps {
  neighbours: ImageDetail['neighbours'];
  onImage: (sha256: string) => void;
}

/** The nearest real images, and the nearest of all. */
export function Neighbours({ neighbours, onImage }: NeighboursProps) {
  const { real, any, among } = neighbours;
  return (
    <>
      <Part title="Nearest real images">
        <Row images={real} onImage={onImage} none="No labelled real images, or none embedded yet." />
      </Part>
      <Part title={among > 0 ? `Nearest of ${integer(among)} images` : 'Nearest images'}>
        <Row images={any} onImage={onImage} none="No embeddings yet: score the project first." />
      </Part>
    </>
  );
}

interface RowProps {
  images: ImageDetail['neighbours']['any'];
  none: string;
  onImage: (sha256: string) => void;
}

function Row({ images, none, onImage }: RowProps) {
  if (images.length === 0) return <p className={classes.dimmed}>{none}</p>;
  return (
    <ul className={classes.neighbours}>
      {images.map(({ sha256, path, label, role, similarity }) => (
        <li key={sha256}>
          <button type="button" title={path} onClick={() => onImage(sha256)}>
            <Thumb sha256={sha256} alt="" size={NEIGHBOUR_PX} />
            <span className={classes.neighbour}>
              <RoleMark role={role} />
              <span className={classes.ellipsis}>{label ?? '–'}</span>
              <span className={classes.dimmed}>{similarity.toFixed(2)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

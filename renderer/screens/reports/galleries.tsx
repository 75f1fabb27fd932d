import { GALLERY_WORDS, pairWords, type BatchReport, type Shown } from '../../../rpc/contract/reports.ts';
import { capitalised, figure, integer } from '../../parts/format.ts';
import { Gallery, type GalleryPicture } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import { Card } from '../../parts/card.tsx';
import classes from './reports.module.css';

const SIZE = 72;

/** What a person should see of a batch before any figure. */
export function Galleries({ report: { galleries, memorised, copied } }: { report: BatchReport }) {
  const { vanished, fresh, furthest } = galleries;
  const pairs = memorised.map((pair): GalleryPicture => ({
    sha256: pair.sha256,
    path: pair.path,
    beside: { sha256: pair.realSha256, path: pair.realPath },
    caption: `${capitalised(pairWords(pair))}.`,
  }));
  return (
    <Card id="galleries" title="Look first" isStack>
      <Row
        of="vanished"
        count={`${integer(vanished.images)} of ${integer(vanished.of)}`}
        none="Every real image has a generated one near."
        pictures={vanished.shown.map(gone)}
      />
      <Row
        of="fresh"
        count={integer(fresh.length)}
        none="No kind that the real images lack."
        pictures={fresh.map(far)}
      />
      <Row
        of="copies"
        count={`${integer(copied.images)} confirmed`}
        none="No generated image lies suspiciously close to a real one."
        pictures={pairs}
      />
      <Row
        of="furthest"
        count={integer(furthest.length)}
        none="Nothing was measured."
        pictures={furthest.map(far)}
      />
    </Card>
  );
}

interface RowProps {
  of: keyof typeof GALLERY_WORDS;
  count: string;
  none: string;
  pictures: readonly GalleryPicture[];
}

function Row({ of, count, none, pictures }: RowProps) {
  const { title, meaning } = GALLERY_WORDS[of];
  return (
    <section className={classes.gallery} aria-label={title}>
      <h3 className={page.subtitle}>
        {title} <span className={classes.count}>{count}</span>
      </h3>
      <p className={page.hint}>{pictures.length === 0 ? none : meaning}</p>
      <Gallery title={title} pictures={pictures} size={SIZE} />
    </section>
  );
}

const gone = ({ sha256, path, label, ratio }: Shown): GalleryPicture => ({
  sha256,
  path,
  caption: `${label ?? 'No label'}: the nearest generated image is ${figure(ratio)} times as far as its fifth real neighbour.`,
});

const far = ({ sha256, path, label, ratio }: Shown): GalleryPicture => ({
  sha256,
  path,
  caption: `${label ?? 'No label'}: ${figure(ratio)} times as far from the real images as these are from their neighbours.`,
});

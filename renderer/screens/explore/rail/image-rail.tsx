import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ImageDetail, ImageFilter, HistoryEntry } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { core, fileUrl } from '../../../client.ts';
import { bytes, counted, dateTime, percent } from '../../../parts/format.ts';
import { howMade } from '../../../parts/how-made.ts';
import { Failure, Loading } from '../../../parts/states.tsx';
import {
  PURPOSE_WORDS,
  rejectReasonTitle,
  ROLE_WORDS,
  VERDICT_WORDS,
} from '../../../../rpc/contract/terms.ts';
import { RoleMark } from '../grid/marks.tsx';
import { Findings } from './findings.tsx';
import bits from '../../../parts/bits.module.css';
import page from '../../../parts/page.module.css';
import classes from './rail.module.css';
import { MiddleText } from '../../../parts/middle-text.tsx';
import { Part } from './part.tsx';
import { Scores } from './scores.tsx';
import { DecisionSignatures } from './signatures.tsx';
import { Link } from '@tanstack/react-router';
import { projectParams, useProject } from '../../../project.tsx';
import { Tags } from './tags.tsx';
import type { Tagging } from '../bulk/use-bulk.ts';
import { Thumb } from '../../../parts/thumb.tsx';
import { useState } from 'react';

interface ImageRailProps {
  project: string;
  projectKey: string;
  sha256: string;
  scores: ReadonlyMap<string, ScoreInfo>;
  /** Tags of the project. */
  tags: readonly string[];
  onTag: (sha256: string, act: Tagging) => void;
  onImage: (sha256: string) => void;
  onFilter: (filter: ImageFilter) => void;
  onEnlarge: () => void;
  onClose: () => void;
}

/** Everything that is known of one image. */
export function ImageRail({ project, projectKey, sha256, scores, tags, ...on }: ImageRailProps) {
  const detail = useQuery({
    queryKey: ['images', 'detail', project, sha256],
    queryFn: ({ signal }) => core.images.detail({ project, sha256 }, { signal }),
    placeholderData: keepPreviousData,
  });
  const { data } = detail;
  return (
    <aside className={classes.rail} aria-label="About the image" aria-busy={detail.isPlaceholderData}>
      {detail.isError && <Failure error={detail.error} retry={() => void detail.refetch()} />}
      {!data && !detail.isError && <Loading label="Loading the image" />}
      {data && !detail.isError && (
        <Known
          detail={data}
          isOld={detail.isPlaceholderData}
          project={project}
          projectKey={projectKey}
          scores={scores}
          tags={tags}
          {...on}
        />
      )}
    </aside>
  );
}

interface KnownProps extends Omit<ImageRailProps, 'sha256'> {
  detail: ImageDetail;
  /** Still the image before: its successor is on its way. */
  isOld: boolean;
}

function Known({ detail, isOld, projectKey, scores, tags, onImage, onFilter, ...on }: KnownProps) {
  const [home] = detail.files;
  const hasDuplicates = detail.flags.some(
    ({ rule, answer }) => rule !== 'holdout-leak' && rule !== 'possible-copy' && answer !== 'not-a-copy',
  );
  return (
    <div className={classes.content} data-old={isOld || undefined}>
      <header className={bits.line}>
        {home && <RoleMark role={home.role} />}
        <h2 className={classes.title} title={home?.path}>
          {home?.path.split('/').at(-1) ?? detail.sha256.slice(0, 12)}
        </h2>
        <button type="button" className={classes.close} aria-label="Close the image" onClick={on.onClose}>
          ×
        </button>
      </header>
      <Picture
        thumb={fileUrl(projectKey, 'thumb', detail.sha256)}
        image={fileUrl(projectKey, 'image', detail.sha256)}
        width={detail.width}
        height={detail.height}
        onEnlarge={on.onEnlarge}
      />
      <dl className={page.terms}>
        <dt>Label</dt>
        <dd>
          {detail.label ?? 'none'}
          {detail.label !== detail.givenLabel && (
            <span className={bits.small}> (given: {detail.givenLabel ?? 'none'})</span>
          )}
        </dd>
        <dt>Predicted</dt>
        <dd>
          {detail.predicted
            ? `${detail.predicted.label}, ${percent(detail.predicted.probability)}`
            : 'not scored yet'}
        </dd>
        <dt>Role</dt>
        <dd>{home ? `${ROLE_WORDS[home.role].title}, ${home.batch}` : 'none'}</dd>
        <dt>Picture</dt>
        <dd>
          {detail.width} × {detail.height}, {detail.format}, {bytes(detail.bytes)}
        </dd>
      </dl>
      <Tags of={detail.tags} all={tags} onTag={(act) => on.onTag(detail.sha256, act)} onFilter={onFilter} />
      <Findings detail={detail} onImage={onImage} />
      {(hasDuplicates || detail.files.length > 1) && (
        <Button variant="default" onClick={() => onFilter({ groupOf: detail.sha256 })}>
          Show its duplicates
        </Button>
      )}
      <Neighbours neighbours={detail.neighbours} onImage={onImage} />
      <Scores values={detail.scores} scores={scores} />
      <Metadata metadata={detail.metadata} onFilter={onFilter} />
      <Part title={counted(detail.files.length, 'file')}>
        <ul className={classes.files}>
          {detail.files.map((file) => (
            <li key={`${file.batch}/${file.path}`}>
              <span className={classes.path}>{file.path}</span>
              <span className={bits.small}>
                {file.batch}, {ROLE_WORDS[file.role].adjective}
                {file.label === null ? '' : `, ${file.label}`}
                {file.split === null ? '' : `, ${file.split}`}
              </span>
            </li>
          ))}
        </ul>
        <p className={classes.hash}>sha256 {detail.sha256}</p>
      </Part>
      <DecisionSignatures sha256={detail.sha256} version={detail.decisionVersion} />
      <History entries={detail.history} sha256={detail.sha256} />
    </div>
  );
}

/** Who said what of it, and when. */
function History({ entries, sha256 }: { entries: readonly HistoryEntry[]; sha256: string }) {
  const { folder } = useProject();
  return (
    <Part title="History">
      {entries.length === 0 && <div className={bits.small}>No decision yet.</div>}
      <ul className={classes.history}>
        {entries.map((entry) => (
          <li key={entry.seq} data-undone={entry.undone || undefined}>
            <span>
              <strong>{entry.by}</strong> {VERDICT_WORDS[entry.verdict].title.toLowerCase()}
              {entry.label === null ? '' : ` to ${entry.label}`}
              {entry.reason === null ? '' : `: ${rejectReasonTitle(entry.reason)}`}
              {entry.comment === null ? '' : ` (“${entry.comment}”)`}
              {entry.purpose === 'review' ? '' : ` (${PURPOSE_WORDS[entry.purpose].title.toLowerCase()})`}
              {entry.undone && <em> (undone)</em>}
            </span>
            <time className={bits.small} dateTime={entry.at}>
              {dateTime(entry.at)}
            </time>
          </li>
        ))}
      </ul>
      <Link to="/p/$folder/trail" params={projectParams(folder)} search={{ image: sha256 } as never}>
        Whole life
      </Link>
    </Part>
  );
}

interface MetadataProps {
  metadata: ImageDetail['metadata'];
  onFilter: (filter: ImageFilter) => void;
}

/** What the import said of how it was made, and what the file itself says. */
function Metadata({ metadata, onFilter }: MetadataProps) {
  const known = howMade(metadata);
  const { raw } = metadata;
  if (known.length === 0 && raw === null) return null;
  return (
    <Part title="How it was made">
      {known
        .filter(({ isLong }) => isLong)
        .map(({ id, title, value }) => (
          <p key={title} className={classes.prompt}>
            {id === 'prompt' ? (
              <>
                {value}{' '}
                <button
                  type="button"
                  className={classes.link}
                  onClick={() => onFilter({ prompt: value.slice(0, 300) })}
                >
                  Same prompt
                </button>
              </>
            ) : (
              `${title}: ${value}`
            )}
          </p>
        ))}
      <dl className={page.terms}>
        {known
          .filter(({ isLong }) => !isLong)
          .map(({ title, meaning, value }) => [
            <dt key={`${title}:`} title={meaning}>
              {title}
            </dt>,
            <dd key={title}>{value}</dd>,
          ])}
      </dl>
      {raw !== null && (
        <details>
          <summary>As written in the file</summary>
          <pre className={classes.raw}>{raw}</pre>
        </details>
      )}
    </Part>
  );
}

const NEIGHBOUR_PX = 84;

interface NeighboursProps {
  neighbours: ImageDetail['neighbours'];
  onImage: (sha256: string) => void;
}

/** The nearest real images, and the nearest of all. */
function Neighbours({ neighbours, onImage }: NeighboursProps) {
  const { real, any, among } = neighbours;
  return (
    <>
      <Part title="Nearest real images">
        <Row images={real} onImage={onImage} none="No labelled real images, or none embedded yet." />
      </Part>
      <Part title={among > 0 ? `Nearest of ${counted(among, 'image')}` : 'Nearest images'}>
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
  if (images.length === 0) return <div className={bits.small}>{none}</div>;
  return (
    <ul className={classes.neighbours}>
      {images.map(({ sha256, path, label, role, similarity }) => (
        <li key={sha256}>
          <button type="button" title={path} onClick={() => onImage(sha256)}>
            <Thumb sha256={sha256} alt="" size={NEIGHBOUR_PX} />
            <span className={classes.neighbour}>
              <RoleMark role={role} />
              <span className={bits.small}>{similarity.toFixed(2)}</span>
            </span>
            <span className={classes.neighbour}>
              <MiddleText text={label ?? '–'} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface PictureProps {
  thumb: string;
  image: string;
  width: number;
  height: number;
  onEnlarge: () => void;
}

/** The thumbnail at once, the original over it as soon as it is decoded; the box has its shape from the start. */
function Picture({ thumb, image, width, height, onEnlarge }: PictureProps) {
  const [loaded, setLoaded] = useState<string | null>(null);
  return (
    <button
      type="button"
      className={classes.picture}
      style={{ aspectRatio: `${Math.max(width, 1)} / ${Math.max(height, 1)}` }}
      aria-label="Enlarge the picture"
      onClick={onEnlarge}
    >
      <img className={bits.picture} src={thumb} alt="" draggable={false} />
      <img
        key={image}
        className={bits.picture}
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

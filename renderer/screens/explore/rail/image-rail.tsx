import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ImageDetail, ImageFilter } from '../../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { core, fileUrl } from '../../../client.ts';
import { bytes, counted, percent } from '../../../parts/format.ts';
import { Failure, Loading } from '../../../parts/states.tsx';
import { ROLE_WORDS } from '../filters/filter-words.ts';
import { RoleMark } from '../grid/marks.tsx';
import { Findings } from './findings.tsx';
import { History } from './history.tsx';
import { Metadata } from './metadata.tsx';
import { Neighbours } from './neighbours.tsx';
import { Picture } from './picture.tsx';
import classes from './rail.module.css';
import { Part } from './part.tsx';
import { Scores } from './scores.tsx';

interface ImageRailProps {
  project: string;
  projectKey: string;
  sha256: string;
  scores: ReadonlyMap<string, ScoreInfo>;
  onImage: (sha256: string) => void;
  onFilter: (filter: ImageFilter) => void;
  onEnlarge: () => void;
  onClose: () => void;
}

/** Everything that is known of one image. */
export function ImageRail({ project, projectKey, sha256, scores, ...on }: ImageRailProps) {
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

function Known({ detail, isOld, projectKey, scores, onImage, onFilter, onEnlarge, onClose }: KnownProps) {
  const [home] = detail.files;
  const hasDuplicates = detail.flags.some(({ rule }) => rule !== 'holdout-leak');
  return (
    <div className={classes.content} data-old={isOld || undefined}>
      <header className={classes.header}>
        {home && <RoleMark role={home.role} />}
        <h2 className={classes.title} title={home?.path}>
          {home?.path.split('/').at(-1) ?? detail.sha256.slice(0, 12)}
        </h2>
        <button type="button" className={classes.close} aria-label="Close the image" onClick={onClose}>
          ×
        </button>
      </header>
      <Picture
        thumb={fileUrl(projectKey, 'thumb', detail.sha256)}
        image={fileUrl(projectKey, 'image', detail.sha256)}
        width={detail.width}
        height={detail.height}
        onEnlarge={onEnlarge}
      />
      <dl className={classes.facts}>
        <dt>Label</dt>
        <dd>
          {detail.label ?? 'none'}
          {detail.label !== detail.givenLabel && (
            <span className={classes.dimmed}> (given: {detail.givenLabel ?? 'none'})</span>
          )}
        </dd>
        <dt>Predicted</dt>
        <dd>
          {detail.predicted
            ? `${detail.predicted.label}, ${percent(detail.predicted.probability)}`
            : 'not scored yet'}
        </dd>
        <dt>Role</dt>
        <dd>{home ? `${ROLE_WORDS[home.role]}, ${home.batch}` : 'none'}</dd>
        <dt>Picture</dt>
        <dd>
          {detail.width} × {detail.height}, {detail.format}, {bytes(detail.bytes)}
        </dd>
      </dl>
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
              <span className={classes.dimmed}>
                {file.batch}, {ROLE_WORDS[file.role].toLowerCase()}
                {file.label === null ? '' : `, ${file.label}`}
                {file.split === null ? '' : `, ${file.split}`}
              </span>
            </li>
          ))}
        </ul>
        <p className={classes.hash}>sha256 {detail.sha256}</p>
      </Part>
      <History entries={detail.history} />
    </div>
  );
}

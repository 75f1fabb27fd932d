import { InvalidArgumentError } from 'commander';
import { ImageFilterSchema, type ImageFilter, type ImageRow } from '../../rpc/contract/images.ts';
import { tagWords, type Tag } from '../../rpc/contract/tags.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command, table } from '../command.ts';
import { userPath, type Session } from '../session.ts';
import { wholeNumber } from './import.ts';

interface Options {
  add?: string;
  remove?: string;
  undo?: number;
  image?: string[];
  tagged?: string[];
  filter?: ImageFilter;
  limit: number;
  by?: string;
  json?: boolean;
}

/** Rows asked for at once. */
const PAGE = 1000;

export function tagsCommand() {
  return command(
    'tags',
    'List the tags of a project and the images that have them, or put tags on images and take them off',
    'assay tags parts                                                        (every tag, with its images counted)\nassay tags parts --add "ask vendor" --image 3f2a9c01 77ab01cd --by "Ada Lovelace"\nassay tags parts --add glare --filter \'{"labels":["gear"]}\' --by "Ada Lovelace"\nassay tags parts --tagged glare                                         (the images that have it)\nassay tags parts --remove glare --tagged glare --by "Ada Lovelace"      (from all of them)\nassay tags parts --undo 41 --by "Ada Lovelace"                           (what event 41 tagged)',
  )
    .argument('<project>', 'the project')
    .option('--add <tag>', 'put this tag on images')
    .option('--remove <tag>', 'take this tag off images')
    .option(
      '--undo <event>',
      'take back an act of tagging, by the event that it was recorded as',
      wholeNumber,
    )
    .option('--image <sha256...>', 'these images: their hashes, or the first 8 digits or more')
    .option('--tagged <tags...>', 'all images that have any of these tags')
    .option(
      '--filter <json>',
      'all images that match a filter, as it stands in the address of Explore',
      parseFilter,
    )
    .option('--limit <n>', 'images to list', wholeNumber, 200)
    .option('--by <name>', 'who says so, as it goes on the record')
    .action((path: string, options: Options) =>
      answer(options, async (session) => {
        const { core } = session;
        const project = userPath(path);
        const { add, remove, undo, tagged, image } = options;
        if ([add, remove, undo].filter((act) => act !== undefined).length > 1)
          throw new AssayError('USAGE', 'Say one of --add, --remove and --undo.');
        const filter =
          tagged || options.filter ? { ...options.filter, ...(tagged && { tags: tagged }) } : null;
        if (image && filter) throw new AssayError('USAGE', 'Say one of --image, and --tagged or --filter.');
        if (undo !== undefined) {
          if (image || filter)
            throw new AssayError('USAGE', '--undo is about the images of its event: name no others.');
          const result = await session.core.tags.undo({ project, by: tagger(options), seq: undo });
          return { json: result, text: tagWords(result) };
        }
        const tag = add ?? remove;
        if (tag !== undefined) {
          const result = await setTag(session, project, options, { tag, off: add === undefined, filter });
          return { json: result, text: tagWords(result) };
        }
        if (!filter) {
          const tags = await core.tags.list({ project });
          return { json: tags, text: describeTags(tags) };
        }
        const { view, total } = await core.images.query({ project, filter });
        const images: ImageRow[] = [];
        while (images.length < Math.min(total, options.limit)) {
          const limit = Math.min(PAGE, options.limit - images.length);
          images.push(...(await core.images.rows({ project, view, offset: images.length, limit })));
        }
        return { json: { total, images }, text: describeImages(images, total) };
      }),
    );
}

async function setTag(
  { core, run }: Session,
  project: string,
  options: Options,
  { tag, off, filter }: { tag: string; off: boolean; filter: ImageFilter | null },
) {
  const by = tagger(options);
  const { image } = options;
  if (image) return core.tags.set({ project, by, tag, off, images: image });
  if (!filter)
    throw new AssayError('USAGE', 'Say which images: --image 3f2a9c01, --tagged <tag> or --filter <json>.');
  // A list is gone when its project is opened again, and the act needs it open for writing.
  await core.projects.open({ project });
  const { view, total } = await core.images.query({ project, filter });
  if (total === 0) throw new AssayError('NOT_FOUND', 'No image matches. Nothing was recorded.');
  return run('tag-view', { project, by, tag, off, view, expected: total });
}

function tagger({ by }: Options): string {
  if (by === undefined) throw new AssayError('USAGE', 'Say who tags: --by "Ada Lovelace".');
  return by;
}

function parseFilter(text: string): ImageFilter {
  try {
    return ImageFilterSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function describeTags(tags: Tag[]): string {
  return tags.length === 0
    ? 'No image has a tag yet.'
    : table(tags.map(({ name, images }) => [name, images]));
}

function describeImages(images: ImageRow[], total: number): string {
  return [
    ...(total === 0 ? ['No image matches.'] : []),
    ...(images.length > 0
      ? [
          table(
            images.map(({ sha256, batch, path, label, tags }) => [
              sha256.slice(0, 12),
              `${batch}/${path}`,
              label ?? '-',
              tags.join(', '),
            ]),
          ),
        ]
      : []),
    ...(total > images.length ? [`… and ${total - images.length} more (--limit shows more)`] : []),
  ].join('\n');
}

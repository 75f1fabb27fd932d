import type { Store } from '../../db/store.ts';
import { LONGEST_TAG, MOST_TAGS, type Tag, type TagResult } from '../../rpc/contract/tags.ts';
import { AssayError } from '../../rpc/errors.ts';
import { cleanName, foldedName, shownName } from '../base/class-name.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { LARGEST_ACT } from '../review/decide.ts';
import { imageOf } from './detail.ts';

/** Signs that turn the text around them, or that no line of text has. */
const UNREADABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** The tags that are on images, by name. */
export function listTags({ store }: Pick<Project, 'store'>): Tag[] {
  return store.tags.counted().sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/**
 * Puts a tag on images (numbers of the project), or takes it `off`, as one act. A name that differs from a known one in
 * capitals or blanks alone is that one. Nothing is recorded where nothing changes. Throws `USAGE` for a name that is none
 * or too long, for too many tags, and for more images than one act may hold; `NOT_FOUND` for a tag to take off that is on
 * no image.
 */
export function setTag(
  { store }: WritableProject,
  by: string,
  { tag, off }: { tag: string; off: boolean },
  images: ArrayLike<number>,
): TagResult {
  if (images.length > LARGEST_ACT)
    refuse(`${images.length} images are more than one act may tag (${LARGEST_ACT}): narrow the filter.`);
  const { id, name } = off ? knownTag(store, tag) : tagToPut(store, tag);
  const changed: string[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < images.length; i++) {
    const image = images[i]!;
    if (seen.has(image) || (id !== null && store.tags.has(id, image)) !== off) continue;
    seen.add(image);
    changed.push(store.images.byId(image)!.sha256);
  }
  const seq =
    changed.length === 0
      ? store.events.last()!.seq
      : record(store, by, off ? 'images.untagged' : 'images.tagged', { tag: name, images: changed });
  return { tag: name, applied: changed.length, seq };
}

/** Images that an act of tagging changed, by its event. Throws `NOT_FOUND` where the event is no such act. */
export function taggedBy(store: Store, seq: number): { tag: string; off: boolean; images: string[] } {
  for (const kind of ['images.tagged', 'images.untagged']) {
    const event = store.events.next(seq - 1, kind);
    if (event?.seq !== seq) continue;
    const { tag, images } = JSON.parse(event.body) as { tag: string; images: string[] };
    return { tag, off: kind === 'images.untagged', images };
  }
  throw new AssayError('NOT_FOUND', `Event ${seq} tagged no image. Nothing was recorded.`, { seq });
}

/**
 * Takes back an act of tagging, by its event, on exactly the images that it changed: those on which somebody took it back
 * already are left as they are. Throws what `taggedBy` and `setTag` throw.
 */
export function undoTag(project: WritableProject, by: string, seq: number): TagResult {
  const { tag, off, images } = taggedBy(project.store, seq);
  return setTag(project, by, { tag, off: !off }, imagesCalled(project.store, images));
}

/** The numbers of images, by hash or the start of one. Throws `NOT_FOUND`. */
export function imagesCalled(store: Store, hashes: readonly string[]): number[] {
  return hashes.map((hash) => imageOf(store, hash).id);
}

interface Named {
  /** Null for a tag that is on no image yet. */
  id: number | null;
  name: string;
}

function knownTag(store: Store, text: string): Named {
  const known = sameTag(store, cleanTag(text));
  if (known) return known;
  throw new AssayError('NOT_FOUND', `No image has the tag ${shownName(cleanTag(text))}.`, { tag: text });
}

function tagToPut(store: Store, text: string): Named {
  const name = cleanTag(text);
  if (name === '') refuse('A tag needs a name.');
  if (name.length > LONGEST_TAG) refuse(`A tag has at most ${LONGEST_TAG} characters.`);
  if (UNREADABLE.test(name)) refuse(`${shownName(name)} has signs that a tag cannot have: use plain text.`);
  const known = sameTag(store, name);
  if (known) return known;
  if (store.tags.all().length >= MOST_TAGS)
    refuse(`There are ${MOST_TAGS} tags already: take one off all its images first.`);
  return { id: null, name };
}

const sameTag = (store: Store, name: string): Named | undefined =>
  store.tags.all().find((tag) => foldedName(tag.name) === foldedName(name));

/** Blanks of any kind are single ones, none are around it, and it is composed (NFC). */
const cleanTag = (text: string): string => cleanName(text.replaceAll(/\s+/gu, ' '));

function refuse(why: string): never {
  throw new AssayError('USAGE', `${why} Nothing was recorded.`);
}

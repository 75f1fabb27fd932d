import { member, parseObject } from './json.ts';
import { factsOfRecord, type ConventionReader } from './finding.ts';
import { parseA1111 } from './a1111.ts';

/**
 * Fooocus names its scheme beside the text: PNG `fooocus_scheme` with `parameters`, EXIF MakerNote with UserComment.
 * The text is a JSON record, or AUTOMATIC1111's format when its user chose that. RuinedFooocus names itself in its record.
 */
export const readFooocus: ConventionReader = (texts) => {
  const ruined = ['parameters', 'exif:usercomment'].find(
    (place) => member(parseObject(texts.get(place)), 'software') === 'RuinedFooocus',
  );
  if (ruined)
    return { tool: 'fooocus', facts: factsOfRecord(parseObject(texts.get(ruined))!), keys: [ruined] };
  const isPng = texts.has('fooocus_scheme');
  const isExif = /^(fooocus|a1111)$/.test(texts.get('exif:makernote')?.trim() ?? '');
  if (!isPng && !isExif) return null;
  const key = isPng ? 'parameters' : 'exif:usercomment';
  const text = texts.get(key) ?? '';
  const record = parseObject(text);
  return {
    tool: 'fooocus',
    facts: (record ? factsOfRecord(record) : parseA1111(text)) ?? {},
    keys: texts.has(key) ? [key] : [isPng ? 'fooocus_scheme' : 'exif:makernote'],
  };
};

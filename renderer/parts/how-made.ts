import { FIELD_IDS, FIELDS, type FieldId } from '../../rpc/contract/fields.ts';
import type { ImageDetail } from '../../rpc/contract/images.ts';

interface Known {
  /** Null for what is not a field. */
  id: FieldId | null;
  title: string;
  meaning: string;
  value: string;
  isLong: boolean;
}

/** What is known of how an image was made, in the order in which it is shown; unknown facts are left out. */
export function howMade(metadata: ImageDetail['metadata']): Known[] {
  const fields = FIELD_IDS.filter((id) => !('isOfFile' in FIELDS[id])).map((id) => ({
    id,
    title: FIELDS[id].title,
    meaning: FIELDS[id].meaning,
    value: metadata[id],
    isLong: 'isLong' in FIELDS[id],
  }));
  const origin = [
    { title: 'Tool', meaning: 'program whose way of writing metadata was recognised', value: metadata.tool },
    {
      title: 'Source type',
      meaning: 'IPTC digital source type that the file declares',
      value: metadata.digitalSourceType,
    },
    {
      title: 'Content credentials',
      meaning: 'a C2PA manifest in the file; its signature is not checked',
      value: metadata.hasC2pa ? 'Present' : null,
    },
  ].map((fact) => ({ id: null, isLong: false, ...fact }));
  return [...fields, ...origin].flatMap(({ value, ...rest }) =>
    value === null ? [] : [{ ...rest, value: String(value) }],
  );
}

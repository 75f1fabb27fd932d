import { describe, expect, it } from 'vitest';
import { internationalTextChunk, png, pngChunk, withChunks, withSegments } from '../testing/build.ts';
import { inPng, jpeg, webp } from '../testing/metadata.ts';
import { readMetadata } from './read.ts';

describe('marks of origin', () => {
  const uri = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
  const packets = [
    `<rdf:Description Iptc4xmpExt:DigitalSourceType="${uri}"/>`,
    `<rdf:Description><Iptc4xmpExt:DigitalSourceType>${uri}</Iptc4xmpExt:DigitalSourceType></rdf:Description>`,
    `<rdf:Description><iptcExt:DigitalSourceType rdf:resource='${uri}'/></rdf:Description>`,
  ];

  it.each(packets)('reads the digital source type from every container: %s', (packet) => {
    const bytes = Buffer.from(packet);
    const files = [
      ['png', png({ width: 2, height: 2, before: [internationalTextChunk('XML:com.adobe.xmp', packet)] })],
      [
        'png',
        png({ width: 2, height: 2, after: [internationalTextChunk('XML:com.adobe.xmp', packet, true)] }),
      ],
      [
        'jpeg',
        withSegments(jpeg, [[0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), bytes])]]),
      ],
      ['webp', withChunks(webp, [['XMP ', bytes]])],
    ] as const;
    for (const [format, file] of files) expect(readMetadata(file, format).marks.digitalSourceType).toBe(uri);
  });

  it('notices manifest stores', () => {
    const store = Buffer.concat([
      Buffer.from('4a5002110000000100000100', 'hex'),
      Buffer.from('jumb\0\0\0\x1ejumdc2pa'),
    ]);
    const other = Buffer.concat([
      Buffer.from('4a5002110000000100000100', 'hex'),
      Buffer.from('jumb\0\0\0\x1ejumdjson'),
    ]);
    expect(readMetadata(withSegments(jpeg, [[0xeb, store]]), 'jpeg').marks.hasC2pa).toBe(true);
    expect(readMetadata(withSegments(jpeg, [[0xeb, other]]), 'jpeg').marks.hasC2pa).toBe(false);
    expect(readMetadata(withChunks(webp, [['C2PA', store]]), 'webp').marks.hasC2pa).toBe(true);
    expect(inPng([pngChunk('caBX', store)])).toBeNull();
  });
});

import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { EVENTS, type EventKind } from './events.ts';
import { parseCheckpoint, projectKey, signCheckpoint } from './checkpoint.ts';
import { eventHash, GENESIS } from './ledger.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import { checkSignature, verifierKey } from './signed-note.ts';

const document = readFileSync(new URL('../../docs/ledger.md', import.meta.url), 'utf8');

interface Preimage {
  actor: string;
  app: string;
  at: string;
  body: unknown;
  kind: EventKind;
  previousHash: string;
  seq: number;
  zoneOffsetMinutes: number;
}

describe('the examples of docs/ledger.md', () => {
  const block = /Their preimages and hashes:\n\n```\n([\s\S]*?)\n```/.exec(document)![1]!.split('\n');
  const pairs = [0, 2].map((at) => [block[at]!, block[at + 1]!] as const);

  test.each(pairs)('%s', (preimage, hash) => {
    expect(createHash('sha256').update(preimage).digest('hex')).toBe(hash);
    const event = JSON.parse(preimage) as Preimage;
    expect(canonicalJson(event)).toBe(preimage);
    expect(EVENTS[event.kind].safeParse(event.body).success).toBe(true);
    expect(eventHash({ ...event, body: canonicalJson(event.body) })).toBe(hash);
  });

  test('are a chain', () => {
    const [first, second] = pairs.map(([preimage]) => JSON.parse(preimage) as Preimage);
    expect(first!.previousHash).toBe(GENESIS);
    expect(second!.previousHash).toBe(pairs[0]![1]);
  });

  test('have the checkpoint of their tree, signed', () => {
    const [leaves, text, word] = [
      ...document.split('## Checkpoints\n')[1]!.matchAll(/```\n([\s\S]*?)```/g),
    ].map(([, part]) => part!);
    const hashes = pairs.map(([, hash]) => leafHash(Buffer.from(hash, 'hex')));
    const root = merkleRoot(hashes);
    expect(leaves!.trimEnd().split('\n')).toEqual([...hashes, root].map((each) => each.toString('hex')));
    const { note, ...checkpoint } = parseCheckpoint(text!)!;
    expect(checkpoint).toEqual({ origin: expect.any(String), size: 2, root, head: pairs[1]![1] });
    const seed = createHash('sha256').update('an example').digest();
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    expect(signCheckpoint(checkpoint, key)).toBe(text);
    expect(verifierKey(projectKey(checkpoint.origin, key))).toBe(word!.trimEnd());
    expect(checkSignature(note, projectKey(checkpoint.origin, key))).toBe('signed');
  });

  test('write numbers as the ledger does', () => {
    const table = document.split('| Condition | Written as | Example |')[1]!.split('\n\n')[0]!;
    const rows = table.split('\n').slice(2);
    const numbers = rows.flatMap((row) =>
      [...row.split('|')[3]!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!),
    );
    expect(numbers.length).toBeGreaterThan(6);
    for (const text of numbers) expect(canonicalJson(Number(text))).toBe(text);
  });
});

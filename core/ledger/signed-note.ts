import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

// Signed notes as https://c2sp.org/signed-note defines them, with Ed25519 keys (type 0x01).

const ED25519 = Buffer.of(1);
const KEY_ID_BYTES = 4;
/** DER of an Ed25519 public key up to its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A key under the name that it signs with. */
export interface NoteKey {
  name: string;
  /** 32 bytes. */
  publicKey: Buffer;
}

interface NoteSignature {
  name: string;
  /** 8 hex digits that, with the name, tell the key. */
  keyId: string;
  signature: Buffer;
}

export interface SignedNote {
  /** As it was written. */
  whole: string;
  /** What is signed, with its last line feed. */
  text: string;
  signatures: NoteSignature[];
}

/** The 32 bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(SPKI.length);
}

/** The Ed25519 public key of 32 bytes. */
export function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

function keyIdOf({ name, publicKey }: NoteKey): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey])).slice(
    0,
    2 * KEY_ID_BYTES,
  );
}

/** A key as one word, to be given to whoever verifies: `name+id+base64`. */
export function verifierKey(key: NoteKey): string {
  return `${key.name}+${keyIdOf(key)}+${Buffer.concat([ED25519, key.publicKey]).toString('base64')}`;
}

/** The key that such a word holds; null where it holds none. */
export function parseVerifierKey(word: string): NoteKey | null {
  const [, name, encoded] = /^([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(word) ?? [];
  if (name === undefined || encoded === undefined) return null;
  const key = { name, publicKey: Buffer.from(encoded, 'base64').subarray(ED25519.length) };
  return verifierKey(key) === word ? key : null;
}

/** Signs a text that ends with a line feed. `key` is an Ed25519 private key. */
export function signNote(text: string, name: string, key: KeyObject): string {
  const keyId = Buffer.from(keyIdOf({ name, publicKey: rawPublicKey(key) }), 'hex');
  const signature = sign(null, Buffer.from(text), key);
  return `${text}\n— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/** A note in its parts, nothing of it verified; null where it is none. */
export function parseNote(note: string): SignedNote | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || hasControl(note)) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    if (name === undefined || encoded === undefined) return null;
    const bytes = strictBase64(encoded);
    if (!bytes || bytes.length <= KEY_ID_BYTES) return null;
    signatures.push({
      name,
      keyId: bytes.subarray(0, KEY_ID_BYTES).toString('hex'),
      signature: bytes.subarray(KEY_ID_BYTES),
    });
  }
  return { whole: note, text: note.slice(0, end + 1), signatures };
}

/** The bytes of base64 in the one way to write them; null for anything else. */
export function strictBase64(encoded: string): Buffer | null {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === encoded ? bytes : null;
}

function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\0-\x09\x0b-\x1f]/.test(text);
}

/** Whether a key signed a note: `signed`, `unknown` where none of its signatures is of this key, or `false`. */
export function checkSignature(
  { text, signatures }: SignedNote,
  key: NoteKey,
): 'signed' | 'unknown' | 'false' {
  const own = signatures.filter(({ name, keyId }) => name === key.name && keyId === keyIdOf(key));
  if (own.length === 0) return 'unknown';
  const publicKey = publicKeyOf(key.publicKey);
  const isSigned = own.every(({ signature }) => verify(null, Buffer.from(text), publicKey, signature));
  return isSigned ? 'signed' : 'false';
}

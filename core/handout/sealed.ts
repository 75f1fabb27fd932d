import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { Sha256 } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { PRIVATE_FILE } from '../base/private.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { unwrapKey } from '../people/wrapped-key.ts';

// A hand-out for a person with an account is sealed to their key: only their password opens it. The sender agrees on a
// secret between a key pair that is made for this file (X25519, RFC 7748) and the person's Ed25519 key in its Montgomery
// form, and derives a key from it by HKDF. The file is encrypted in chunks (AES-256-GCM), each under the number of its
// place and whether it is the last, so that chunks cannot be moved, left out or cut off (the STREAM construction).

const MAGIC = Buffer.from('Assay sealed hand-out 1\n');
const LONGEST_HEADER = 65_536;
const CHUNK = 2 ** 20;
const TAG_BYTES = 16;

const SealSchema = z.strictObject({
  type: z.literal('assay-sealed-handout-1'),
  handout: z.uuid(),
  /** Name of the project. */
  project: z.string(),
  /** Whose password opens it; their Ed25519 key, 32 bytes in hex, and the private one, wrapped by the password. */
  person: z.string().min(1),
  personKey: Sha256,
  wrapped: z.string(),
  /** X25519 public key that was made for this file. */
  ephemeral: Sha256,
});
type Seal = z.output<typeof SealSchema>;

/** Encrypts a file to a person's key. */
export async function sealFile(
  plain: string,
  to: string,
  facts: Omit<Seal, 'type' | 'ephemeral'>,
  signal: AbortSignal,
): Promise<void> {
  const own = generateKeyPairSync('x25519');
  const ephemeral = own.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const header = `${canonicalJson({ type: 'assay-sealed-handout-1', ...facts, ephemeral })}\n`;
  const theirs = montgomeryKey(Buffer.from(facts.personKey, 'hex'));
  const key = deriveKey(diffieHellman({ privateKey: own.privateKey, publicKey: theirs }), header);
  const [from, into] = [await open(plain, 'r'), await open(to, 'wx', PRIVATE_FILE)];
  try {
    await into.writeFile(Buffer.concat([MAGIC, Buffer.from(header)]));
    const { size } = await from.stat();
    const chunks = Math.max(1, Math.ceil(size / CHUNK));
    for (let i = 0; i < chunks; i++) {
      signal.throwIfAborted();
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(i, i === chunks - 1));
      const part = await readAt(from, i * CHUNK, CHUNK);
      await into.writeFile(Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]));
    }
    await into.sync();
  } finally {
    await from.close();
    await into.close();
  }
}

/** How a file is sealed, and where what is sealed begins; null where it is not. Throws `INVALID_INPUT` for a damaged one. */
export async function readSeal(file: string): Promise<{ seal: Seal; header: string; start: number } | null> {
  const from = await open(file, 'r');
  try {
    const first = await readAt(from, 0, MAGIC.length + LONGEST_HEADER);
    if (!first.subarray(0, MAGIC.length).equals(MAGIC)) return null;
    const end = first.indexOf(10, MAGIC.length);
    const header = first.subarray(MAGIC.length, end + 1).toString();
    return { seal: SealSchema.parse(JSON.parse(header)), header, start: end + 1 };
  } catch (error) {
    throw damaged(file, error);
  } finally {
    await from.close();
  }
}

/**
 * Decrypts a sealed file with the person's password. Throws `NOT_ALLOWED` where it is wrong, and `INVALID_INPUT` where
 * the file was damaged or changed.
 */
export async function unseal(
  file: string,
  { seal, header, start }: NonNullable<Awaited<ReturnType<typeof readSeal>>>,
  password: string,
  to: string,
): Promise<void> {
  const person = await unwrapKey(seal.wrapped, password, seal.personKey);
  if (!person)
    throw new AssayError('NOT_ALLOWED', `This password does not open the hand-out of ${seal.person}.`, {
      sealedFor: seal.person,
    });
  const [from, into] = [await open(file, 'r'), await open(to, 'wx', PRIVATE_FILE)];
  try {
    const theirs = x25519Public(Buffer.from(seal.ephemeral, 'hex'));
    const key = deriveKey(
      diffieHellman({ privateKey: montgomeryPrivate(person), publicKey: theirs }),
      header,
    );
    const { size } = await from.stat();
    const chunks = Math.max(1, Math.ceil((size - start) / (CHUNK + TAG_BYTES)));
    for (let i = 0; i < chunks; i++) {
      const part = await readAt(from, start + i * (CHUNK + TAG_BYTES), CHUNK + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(i, i === chunks - 1), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(part.subarray(-TAG_BYTES));
      await into.writeFile(Buffer.concat([decipher.update(part.subarray(0, -TAG_BYTES)), decipher.final()]));
    }
  } catch (error) {
    throw damaged(file, error);
  } finally {
    await from.close();
    await into.close();
  }
}

function damaged(file: string, cause: unknown): AssayError {
  const why = 'it was damaged, cut short or changed';
  return new AssayError(
    'INVALID_INPUT',
    `${file} was not opened: ${why}. Ask for the file again.`,
    { file },
    cause,
  );
}

/** Up to so many bytes at a place. */
async function readAt(from: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await from.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** 12 bytes: the number of the chunk, and 1 for the last one. */
function nonceOf(chunk: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(chunk, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** The key of a file: bound to its whole header by the salt. */
function deriveKey(secret: Buffer, header: string): Buffer {
  const salt = Buffer.from(hash('sha256', header), 'hex');
  return Buffer.from(hkdfSync('sha256', secret, salt, 'assay sealed hand-out 1', 32));
}

/** DER of X25519 keys up to their 32 bytes. */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

const x25519Public = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });

const P = 2n ** 255n - 19n;

/** The X25519 key of an Ed25519 public key: u = (1 + y) / (1 - y) modulo 2^255 - 19 (RFC 7748, section 4.1). */
function montgomeryKey(raw: Buffer): KeyObject {
  const y = BigInt(`0x${Buffer.from(raw).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  const u = ((1n + y) * inverse((1n - y + P) % P)) % P;
  return x25519Public(Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse());
}

/** By Fermat: a^(p - 2). */
function inverse(a: bigint): bigint {
  let [result, base, power] = [1n, a % P, P - 2n];
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

/** The X25519 key of an Ed25519 private key: the scalar that it signs with (RFC 8032, section 5.1.5). */
function montgomeryPrivate(key: KeyObject): KeyObject {
  const seed = key.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const scalar = Buffer.from(hash('sha512', seed), 'hex').subarray(0, 32);
  return createPrivateKey({ key: Buffer.concat([PKCS8, scalar]), format: 'der', type: 'pkcs8' });
}

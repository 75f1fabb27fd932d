import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  scrypt,
  type KeyObject,
} from 'node:crypto';
import * as z from 'zod';
import { AssayError } from '../../rpc/errors.ts';
import { rawPublicKey } from '../ledger/signed-note.ts';
import { normalized } from './password.ts';

// The private key of a person, encrypted (AES-256-GCM) under a key that scrypt (RFC 7914) derives from their password.
// It is the password's only trace: a password is right if it opens the key, and the key is the one on record.

/** About 0.3 s and 128 MiB for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;
/** What a file may ask for: a swapped one must not take the memory of the machine. */
const MOST_N = 2 ** 20;

const WrappedSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z.int().min(2).max(MOST_N),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.base64(),
  cipher: z.literal('aes-256-gcm'),
  iv: z.base64(),
  tag: z.base64(),
  key: z.base64(),
});

/** A new Ed25519 key pair: the public key in hex, and the private one wrapped by a password, as JSON. */
export async function newKey(password: string): Promise<{ publicKey: string; wrapped: string }> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: rawPublicKey(privateKey).toString('hex'),
    wrapped: await wrapKey(privateKey, password),
  };
}

/** A private key wrapped by a password, as JSON. */
export async function wrapKey(key: KeyObject, password: string): Promise<string> {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await derive(password, salt, COST), iv);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const encrypted = Buffer.concat([cipher.update(der), cipher.final()]);
  der.fill(0);
  return JSON.stringify({
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('base64'),
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    key: encrypted.toString('base64'),
  } satisfies z.output<typeof WrappedSchema>);
}

/**
 * The private key, or null where the password does not open it. Throws `PROJECT_DAMAGED` where it is no wrapped key, or
 * opens to another key than `publicKey` (hex).
 */
export async function unwrapKey(
  wrapped: string,
  password: string,
  publicKey: string,
): Promise<KeyObject | null> {
  const parsed = parse(wrapped);
  if (!parsed) throw damaged();
  const { salt, iv, tag, key, ...cost } = parsed;
  const derived = await derive(password, Buffer.from(salt, 'base64'), cost);
  let der: Buffer;
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived, Buffer.from(iv, 'base64'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    der = Buffer.concat([decipher.update(Buffer.from(key, 'base64')), decipher.final()]);
  } catch {
    return null;
  }
  const opened = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  der.fill(0);
  if (rawPublicKey(opened).toString('hex') !== publicKey) throw damaged();
  return opened;
}

function parse(wrapped: string): z.output<typeof WrappedSchema> | null {
  try {
    return WrappedSchema.parse(JSON.parse(wrapped));
  } catch {
    return null;
  }
}

function damaged(): AssayError {
  return new AssayError(
    'PROJECT_DAMAGED',
    'The stored key of this account is not the one on record: it was changed from outside. An administrator can reset the account.',
  );
}

function derive(
  password: string,
  salt: Buffer,
  { N, r, p }: { N: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const maxmem = 256 * N * r;
    scrypt(normalized(password), salt, KEY_BYTES, { N, r, p, maxmem }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    );
  });
}

import { createHash, randomBytes } from 'node:crypto';

/** The alphabet of crypt(3), which is not that of Base64. */
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const ROUNDS = 5000;

const sha512 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** `length` bytes of a digest, repeated as often as it takes. */
function stretch(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

/**
 * A password as the SHA-512 hash of crypt(3), `$6$salt$...`, which all releases since RHEL 5 take. After Ulrich Drepper's description
 * "Unix crypt using SHA-256 and SHA-512", with its default of 5000 rounds.
 */
export function crypt(password: string, salt: string = newSalt()): string {
  const key = Buffer.from(password, 'utf8');
  const seed = Buffer.from(salt.slice(0, 16), 'latin1');
  const other = sha512(key, seed, key);
  const first = [key, seed, stretch(other, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) first.push(bits & 1 ? other : key);
  let digest = sha512(...first);
  const keyDigest = createHash('sha512');
  for (let count = 0; count < key.length; count++) keyDigest.update(key);
  const p = stretch(keyDigest.digest(), key.length);
  const seedDigest = createHash('sha512');
  for (let count = 0; count < 16 + (digest[0] as number); count++) seedDigest.update(seed);
  const s = stretch(seedDigest.digest(), seed.length);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = (round & 1) === 1;
    const parts = [odd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(odd ? digest : p);
    digest = sha512(...parts);
  }
  return `$6$${seed.toString('latin1')}$${encode(digest)}`;
}

function newSalt(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte & 63]).join('');
}

/** Three bytes to four characters, low bits first; each group begins where the one before it had its second byte. */
function encode(digest: Buffer): string {
  let text = '';
  let [a, b, c] = [0, 21, 42];
  for (let group = 0; group < 21; group++) {
    text += characters(((digest[a] as number) << 16) | ((digest[b] as number) << 8) | (digest[c] as number), 4);
    [a, b, c] = [b + 1, c + 1, a + 1];
  }
  return text + characters(digest[63] as number, 2);
}

function characters(value: number, count: number): string {
  let text = '';
  for (let rest = value, left = count; left > 0; left--, rest >>= 6) text += ALPHABET[rest & 63];
  return text;
}

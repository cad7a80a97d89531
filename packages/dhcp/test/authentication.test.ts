import { createHmac } from 'node:crypto';
import { createMessage, decode, encode, get, option, rawOption, signMessage, verifyMessage, withOptions } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';

const hmac = (key: Uint8Array, octets: Uint8Array) => new Uint8Array(createHmac('md5', key).update(octets).digest());
const key = new TextEncoder().encode('a secret of two');
const zeros = '00'.repeat(16);
const fields = { algorithm: 1, replayMethod: 0, replayDetection: 7n };
const delayed = option('authentication', { protocol: 1, ...fields, information: `0000002a${zeros}` });
const nonce = option('authentication', { protocol: 3, ...fields, information: `02${zeros}` });
const message = (authentication: typeof delayed) =>
  createMessage({ xid: 5, chaddr: '52:54:00:77:00:01', options: [option('messageType', 1), authentication, option('hostName', 'a')] });

describe.each([
  ['delayed authentication', delayed, 4],
  ['a FORCERENEW under a nonce', nonce, 1],
])('%s', (_name, authentication, before) => {
  const unsigned = encode(message(authentication));
  const signed = signMessage(unsigned, key, hmac);

  test('the digest is that of the message with zeros in its place', () => {
    const { information } = get(decode(signed).message, 'authentication')!;
    expect(information.subarray(before)).toEqual(hmac(key, unsigned));
    expect(unsigned).toEqual(encode(message(authentication)));
  });

  test('it holds for this message and this key only', () => {
    expect(verifyMessage(signed, key, hmac)).toBe(true);
    expect(verifyMessage(unsigned, key, hmac)).toBe(false);
    expect(verifyMessage(signed, key.subarray(1), hmac)).toBe(false);
    expect(verifyMessage(encode({ ...decode(signed).message, xid: 6 }), key, hmac)).toBe(false);
  });

  test('what a relay changes does not matter', () => {
    const { message: heard } = decode(signed);
    const relayed = { ...heard, hops: 2, giaddr: '10.0.0.254' };
    expect(verifyMessage(encode(relayed), key, hmac)).toBe(true);
    // The relay agent puts its option between the last one and End, and the padding moves on.
    const at = 240 + 3 + 2 + authentication.data.length + 3;
    const added = Uint8Array.of(...signed.subarray(0, at), 82, 3, 1, 1, 9, ...signed.subarray(at));
    expect(get(decode(added).message, 'relayAgentInformation')).toHaveLength(1);
    expect(verifyMessage(added, key, hmac)).toBe(true);
  });
});

test('an HMAC that gives no 16 octets is refused', () => {
  const bytes = encode(message(delayed));
  const later = (() => Promise.resolve(new Uint8Array(16))) as never;
  expect(() => verifyMessage(bytes, key, later)).toThrow('16 octets');
  expect(() => signMessage(bytes, key, () => new Uint8Array(20))).toThrow('16 octets');
});

test('a message without room for a digest is not signed', () => {
  const none = createMessage({ options: { messageType: 1 } });
  const token = withOptions(none, [
    option('authentication', { protocol: 0, algorithm: 0, replayMethod: 0, replayDetection: 0n, information: '61' }),
  ]);
  const short = withOptions(none, [rawOption(90, Uint8Array.of(1, 1, 0))]);
  const nonceItself = withOptions(none, [option('authentication', { protocol: 3, ...fields, information: `01${zeros}` })]);
  for (const given of [none, token, short, nonceItself]) {
    expect(() => signMessage(encode(given), key, hmac)).toThrow('no option 90 with room');
    expect(verifyMessage(encode(given), key, hmac)).toBe(false);
  }
});

// Our client against a server that misbehaves, over real sockets.
import { loadLibc } from '@pxekit/datagram/native';
import { createDgramTransport, type GetResult, get, put, type TftpError, type TransferRecord, type Transport } from '@pxekit/tftp';
import { encodeAck, encodeData } from '@pxekit/tftp/packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NativeTransport } from '../src/transport/native.js';
import { pattern } from './rig.js';
import { ScriptedServer } from './scripted-server.js';

const libc = await loadLibc();
const PATHS: [string, () => Transport][] = [['plain', () => createDgramTransport()]];
if (typeof libc === 'string') console.log(`only the plain path is tested: ${libc}`);
else PATHS.push(['fast', () => new NativeTransport(libc)]);

/** Where nothing has to be repeated, nothing is, however slow the machine. */
const PATIENT = { initial: 20_000, min: 20_000, max: 20_000 };
/** Where something has to be repeated it is soon. */
const SOON = { initial: 60, min: 60, max: 60, giveUp: 20_000, unconfirmed: 300 };

/** How a transfer ended, without throwing. */
function end(transfer: Promise<GetResult | TransferRecord>): Promise<unknown> {
  return transfer.then(
    (done) => ('record' in done ? [done.record.outcome, Buffer.from(done.data).toString('latin1')] : [done.outcome, done.bytes]),
    ({ code, wireCode, message }: TftpError) => ({ code, wireCode, message }),
  );
}

const complete = (content: Uint8Array) => ['complete', Buffer.from(content).toString('latin1')];

describe.each(PATHS)('over real sockets, %s path', (_name, open) => {
  let server: ScriptedServer;
  let transport: Transport;

  beforeEach(async () => {
    server = await ScriptedServer.open();
    transport = open();
  });
  afterEach(() => {
    server.close();
    transport.close();
  });

  describe('get', () => {
    const content = pattern(1300);

    /** Asks for a file, with no options but the ones here; the request has come when this is done. */
    async function ask(options: Record<string, string> = {}, retransmission: object = PATIENT) {
      const plain = { blockSize: false, windowSize: false, tsize: false } as const;
      const ended = end(get(server.url('f'), { ...plain, extraOptions: options, retransmission, transport }));
      const asked = Object.entries(options).map(([name, value]) => ` ${name}=${value}`);
      expect(await server.next()).toBe(`listening: RRQ "f" octet${asked.join('')}`);
      return { ended };
    }

    it('takes the file from a server that ignores options', async () => {
      const { ended } = await ask({ blksize: '1024', windowsize: '8', tsize: '0' });
      for (const block of [1, 2, 3]) {
        server.data(content, 512, block);
        expect(await server.next()).toBe(`ACK ${block}`);
      }
      expect(await ended).toEqual(complete(content));
    });

    it('tells strangers that they are, and takes nothing from them', async () => {
      const { ended } = await ask();
      server.send(encodeData(1, content.subarray(0, 5)), 'elsewhere');
      server.data(content, 512, 1);
      expect(await server.next()).toBe('ACK 1');
      server.send(encodeData(2, new Uint8Array(3)), 'stranger');
      expect(await server.next()).toBe('stranger: ERROR 5 "Unknown transfer ID"');
      server.send(encodeData(2, new Uint8Array(3)), 'elsewhere');
      expect(await server.next()).toBe('elsewhere: ERROR 5 "Unknown transfer ID"');
      server.data(content, 512, 2);
      expect(await server.next()).toBe('ACK 2');
      server.data(content, 512, 3);
      expect(await ended).toEqual(complete(content));
    });

    it('does not follow a server to another port', async () => {
      const { ended } = await ask();
      server.data(content, 512, 1);
      expect(await server.next()).toBe('ACK 1');
      server.send(encodeData(2, content.subarray(512, 1024)), 'stranger');
      expect(await server.next()).toBe('stranger: ERROR 5 "Unknown transfer ID"');
      server.data(content, 512, 2);
      expect(await server.next()).toBe('ACK 2');
      server.data(content, 512, 3);
      expect(await ended).toEqual(complete(content));
    });

    it('takes every block once, in whatever order they come', async () => {
      const { ended } = await ask({ blksize: '100', windowsize: '4' });
      server.oack(['blksize', '100'], ['windowsize', '4']);
      expect(await server.next()).toBe('ACK 0');
      server.data(content, 100, 1, 1, 2, 2, 1, 3, 4);
      expect(await server.next()).toBe('ACK 4');
      server.data(content, 100, 5, 7, 6, 8);
      expect([await server.next(), await server.next()]).toEqual(['ACK 5', 'ACK 6']);
      server.data(content, 100, 7, 8, 6, 7, 9, 10);
      expect(await server.next()).toBe('ACK 10');
      server.data(content, 100, 11, 12, 13, 14);
      expect(await server.next()).toBe('ACK 14');
      expect(await ended).toEqual(complete(content));
    });

    it('gets over losses in the middle and at the end of a window', async () => {
      const { ended } = await ask({ blksize: '100', windowsize: '4' }, SOON);
      server.oack(['blksize', '100'], ['windowsize', '4']);
      await server.until('ACK 0');
      server.data(content, 100, 1, 2, 4);
      await server.until('ACK 2');
      server.data(content, 100, 3, 4, 5, 6);
      await server.until('ACK 6');
      server.data(content, 100, 7, 8);
      await server.until('ACK 8');
      server.data(content, 100, 9, 10, 11, 12);
      await server.until('ACK 12');
      server.data(content, 100, 13, 14);
      await server.until('ACK 14');
      expect(await ended).toEqual(complete(content));
    });

    it('asks again when its request or the answer is lost', async () => {
      const { ended } = await ask({ blksize: '1400' }, SOON);
      await server.until('listening: RRQ "f" octet blksize=1400');
      server.oack(['blksize', '1400']);
      await server.until('ACK 0');
      // Its ACK is lost, too.
      await server.until('ACK 0');
      server.data(content, 1400, 1);
      await server.until('ACK 1');
      expect(await ended).toEqual(complete(content));
    });

    it('acknowledges the last block again for a server that has not heard it', async () => {
      const { ended } = await ask({ blksize: '1400' });
      server.oack(['blksize', '1400']);
      expect(await server.next()).toBe('ACK 0');
      for (let time = 0; time < 3; time += 1) {
        server.data(content, 1400, 1);
        expect(await server.next()).toBe('ACK 1');
        expect(await ended).toEqual(complete(content));
      }
    });

    it('gives up when the server falls silent', async () => {
      const { ended } = await ask({ blksize: '100' }, { ...SOON, giveUp: 1500 });
      server.oack(['blksize', '100']);
      server.data(content, 100, 1);
      expect(await ended).toMatchObject({ code: 'TFTP_TIMEOUT' });
    });

    it('asks without options when the server refuses them', async () => {
      const { ended } = await ask({ blksize: '1024', tsize: '0' });
      server.error(8, 'No options here');
      expect(await server.next()).toBe('listening: RRQ "f" octet');
      for (const block of [1, 2, 3]) {
        server.data(content, 512, block);
        expect(await server.next()).toBe(`ACK ${block}`);
      }
      expect(await ended).toEqual(complete(content));
    });

    it('does so once, however often it had asked, and then takes the refusal', async () => {
      const { ended } = await ask({ blksize: '1024' }, SOON);
      await server.until('listening: RRQ "f" octet blksize=1024');
      server.error(8, 'first answer');
      server.error(8, 'second answer');
      await server.until('listening: RRQ "f" octet');
      for (let answer = 0; answer < 300; answer += 1) server.error(8, 'never');
      expect(await ended).toEqual({ code: 'TFTP_OPTION_REFUSED', wireCode: 8, message: 'never' });
    });

    it.each([
      ['blksize', '1024', '1025'],
      ['blksize', '1024', '7'],
      ['blksize', '1024', 'many'],
      ['windowsize', '4', '5'],
      ['windowsize', '4', '0'],
      ['timeout', '3', '4'],
      ['tsize', '0', '-1'],
      ['rollover', '0', '1'],
    ])('refuses an OACK that makes of %s %s %s', async (name, wanted, granted) => {
      const { ended } = await ask({ [name]: wanted });
      server.oack([name, granted]);
      expect(await server.next()).toBe(`ERROR 8 "Bad ${name} ${granted}, asked for ${wanted}"`);
      expect(await ended).toMatchObject({ code: 'TFTP_OPTION_REFUSED' });
    });

    it('refuses an OACK with an option that was not asked for', async () => {
      const { ended } = await ask({ tsize: '0' });
      server.oack(['tsize', '1300'], ['blksize', '1024']);
      expect(await server.next()).toBe('ERROR 8 "Option blksize was not asked for"');
      expect(await ended).toMatchObject({ code: 'TFTP_OPTION_REFUSED' });
    });

    it.each(['1299', '1301', '0'])('calls a file of 1300 bytes that was announced with %s no success', async (size) => {
      const { ended } = await ask({ blksize: '1400', tsize: '0' });
      server.oack(['blksize', '1400'], ['tsize', size]);
      expect(await server.next()).toBe('ACK 0');
      server.data(content, 1400, 1);
      expect(await server.next()).toMatch(/^ERROR 0 /);
      expect(await ended).toMatchObject({ code: 'TFTP_SIZE_MISMATCH' });
    });

    it('refuses a block that is longer than agreed', async () => {
      const { ended } = await ask();
      server.data(content, 513, 1);
      expect(await server.next()).toBe('ERROR 4 "Block is longer than agreed"');
      expect(await ended).toMatchObject({ code: 'TFTP_ILLEGAL_OPERATION' });
    });

    it('ends with the ERROR of the server, and does not answer it', async () => {
      const { ended } = await ask();
      server.data(content, 512, 1);
      expect(await server.next()).toBe('ACK 1');
      server.error(3, 'The disk is gone');
      expect(await ended).toEqual({ code: 'TFTP_DISK_FULL', wireCode: 3, message: 'The disk is gone' });
    });

    it.each([
      ['0', undefined],
      ['1', '1'],
    ])('counts on after block 65535 with %s', async (after, asked) => {
      const blockSize = 8;
      const large = pattern(65_700 * blockSize + 3);
      const options = { blksize: '8', windowsize: '60', ...(asked === undefined ? {} : { rollover: asked }) };
      const { ended } = await ask(options);
      server.oack(...(Object.entries(options) as [string, string][]));
      expect(await server.next()).toBe('ACK 0');
      const wire = (block: number): number => (block <= 65_535 ? block : block - 65_536 + Number(after));
      const last = 65_701;
      for (let first = 1; first <= last; first += 60) {
        const end = Math.min(first + 59, last);
        for (let block = first; block <= end; block += 1)
          server.send(encodeData(wire(block), large.subarray((block - 1) * blockSize, block * blockSize)));
        expect(await server.next()).toBe(`ACK ${wire(end)}`);
      }
      expect(await ended).toEqual(complete(large));
    });
  });

  describe('put', () => {
    const content = pattern(1300, 5);
    const stored = (): Uint8Array => Buffer.concat([...server.blocks].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));

    async function ask(options: Record<string, string> = {}, retransmission: object = PATIENT) {
      const plain = { blockSize: false, windowSize: false, tsize: false } as const;
      const ended = end(put(server.url('f'), content, { ...plain, extraOptions: options, retransmission, transport }));
      const asked = Object.entries(options).map(([name, value]) => ` ${name}=${value}`);
      expect(await server.next()).toBe(`listening: WRQ "f" octet${asked.join('')}`);
      return { ended };
    }

    it('sends the file to a server that ignores options, and no block again for an ACK that came twice', async () => {
      const { ended } = await ask({ blksize: '1024', windowsize: '8' });
      server.ack(0);
      server.ack(0);
      expect(await server.next()).toBe('DATA 1 (512 bytes)');
      server.ack(1);
      server.ack(1);
      server.ack(0);
      expect(await server.next()).toBe('DATA 2 (512 bytes)');
      server.ack(2);
      expect(await server.next()).toBe('DATA 3 (276 bytes)');
      server.ack(3);
      expect(await ended).toEqual(['complete', 1300]);
      expect(Buffer.compare(stored(), content)).toBe(0);
    });

    it('gets over losses in the middle and at the end of a window', async () => {
      const { ended } = await ask({ blksize: '100', windowsize: '4' }, SOON);
      server.oack(['blksize', '100'], ['windowsize', '4']);
      await server.until('DATA 4 (100 bytes)');
      server.ack(2);
      await server.until('DATA 6 (100 bytes)');
      server.ack(6);
      // Nothing is said about the next window: it comes again.
      await server.until('DATA 10 (100 bytes)');
      await server.until('DATA 7 (100 bytes)');
      server.ack(10);
      await server.until('DATA 14 (0 bytes)');
      server.ack(14);
      expect(await ended).toEqual(['complete', 1300]);
      expect(Buffer.compare(stored(), content)).toBe(0);
    });

    it('asks again when the OACK is lost', async () => {
      const { ended } = await ask({ blksize: '1400' }, SOON);
      await server.until('listening: WRQ "f" octet blksize=1400');
      server.oack(['blksize', '1400']);
      await server.until('DATA 1 (1300 bytes)');
      server.ack(1);
      expect(await ended).toEqual(['complete', 1300]);
      expect(Buffer.compare(stored(), content)).toBe(0);
    });

    it('sends the last block again until it is acknowledged', async () => {
      const { ended } = await ask({ blksize: '1400' }, SOON);
      server.oack(['blksize', '1400']);
      for (let time = 0; time < 3; time += 1) await server.until('DATA 1 (1300 bytes)');
      server.ack(1);
      expect(await ended).toEqual(['complete', 1300]);
    });

    it('says that it does not know when the last ACK never comes', async () => {
      const { ended } = await ask({ blksize: '1400' }, { ...SOON, giveUp: 1500 });
      server.oack(['blksize', '1400']);
      await server.until('DATA 1 (1300 bytes)');
      expect(await ended).toEqual(['unconfirmed', 0]);
    });

    it('takes no ACK of a stranger', async () => {
      const { ended } = await ask();
      server.ack(0);
      expect(await server.next()).toBe('DATA 1 (512 bytes)');
      server.send(encodeAck(1), 'stranger');
      expect(await server.next()).toBe('stranger: ERROR 5 "Unknown transfer ID"');
      server.send(encodeAck(1), 'elsewhere');
      expect(await server.next()).toBe('elsewhere: ERROR 5 "Unknown transfer ID"');
      server.error(2, 'No more');
      expect(await ended).toEqual({ code: 'TFTP_ACCESS_VIOLATION', wireCode: 2, message: 'No more' });
    });

    it('asks without options when the server refuses them', async () => {
      const { ended } = await ask({ blksize: '1024' });
      server.error(8, 'No options here');
      expect(await server.next()).toBe('listening: WRQ "f" octet');
      server.ack(0);
      for (const [block, length] of [
        [1, 512],
        [2, 512],
        [3, 276],
      ] as const) {
        expect(await server.next()).toBe(`DATA ${block} (${length} bytes)`);
        server.ack(block);
      }
      expect(await ended).toEqual(['complete', 1300]);
      expect(Buffer.compare(stored(), content)).toBe(0);
    });

    it('refuses an OACK with an option that was not asked for', async () => {
      const { ended } = await ask({ blksize: '1024' });
      server.oack(['windowsize', '4']);
      expect(await server.next()).toBe('ERROR 8 "Option windowsize was not asked for"');
      expect(await ended).toMatchObject({ code: 'TFTP_OPTION_REFUSED' });
    });
  });
});

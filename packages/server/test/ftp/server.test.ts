import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFtpServer, type FtpServer, type FtpServerOptions, type FtpTransfer } from '@pxekit/server';
import { afterEach, describe, expect, it } from 'vitest';

/** Says one line at a time and gives what came back up to the line that ends a reply. */
class Client {
  readonly #socket: Socket;
  #text = '';
  #wake: (() => void) | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk) => {
      this.#text += chunk;
      this.#wake?.();
    });
    this.#socket.on('close', () => this.#wake?.());
  }

  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[\s\S]*?^)?\d{3} .*\r\n/m.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return match[0];
      }
      if (this.#socket.destroyed) return '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  say(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Asks for a data port and sends a command that uses it; gives the data and the last reply. */
  async transfer(command: string): Promise<{ data: Buffer; end: string }> {
    const port = Number(/\|\|\|(\d+)\|/.exec(await this.say('EPSV'))?.[1]);
    const data = read(port);
    await this.say(command);
    return { data: await data, end: await this.reply() };
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function read(port: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of connect(port, '127.0.0.1')) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(options: Partial<FtpServerOptions> = {}): Promise<{ port: number; server: FtpServer; login(): Promise<Client> }> {
  const folder = await mkdtemp(join(tmpdir(), 'pxekit-ftp-'));
  const path = join(folder, 'initrd.img');
  await writeFile(path, Buffer.alloc(1_000_000, 'pxekit'));
  const { size, mtime } = await stat(path);
  const server = createFtpServer({
    address: '127.0.0.1',
    port: 0,
    tree: {
      find: (name) =>
        name === '/initrd.img'
          ? { kind: 'file', path, size, modified: mtime }
          : name === '/'
            ? { kind: 'folder', modified: mtime, entries: () => [{ name: 'initrd.img', isFolder: false, size, modified: mtime }] }
            : undefined,
    },
    ...options,
  });
  const port = await server.start();
  cleanups.push(
    () => rm(folder, { recursive: true }),
    () => server.stop(),
  );
  return {
    port,
    server,
    async login() {
      const client = new Client(port);
      cleanups.push(() => client.close());
      await client.reply();
      await client.say('USER anonymous');
      await client.say('PASS x');
      return client;
    },
  };
}

describe('createFtpServer', () => {
  it('sends a file whole and from an offset, and reports both', async () => {
    const transfers: FtpTransfer[] = [];
    const client = await (await serve({ onTransfer: (transfer) => transfers.push(transfer) })).login();
    const whole = await client.transfer('RETR initrd.img');
    expect(whole.end).toMatch(/^226 /);
    expect(whole.data.equals(Buffer.alloc(1_000_000, 'pxekit'))).toBe(true);
    // Some clients send REST before they ask for the data port, some after it.
    await client.say('REST 999990');
    expect((await client.transfer('RETR initrd.img')).data.length).toBe(10);
    expect(transfers).toMatchObject([
      { command: 'RETR', path: '/initrd.img', bytes: 1_000_000, outcome: 'complete' },
      { command: 'RETR', path: '/initrd.img', bytes: 10, outcome: 'complete' },
    ]);
  });

  it('lists over the data connection', async () => {
    const client = await (await serve()).login();
    expect((await client.transfer('NLST')).data.toString()).toBe('initrd.img\r\n');
  });

  it('turns away more connections of one client than the limit', async () => {
    const { port, login } = await serve({ maxConnectionsPerClient: 1 });
    await login();
    const second = new Client(port);
    cleanups.push(() => second.close());
    expect(await second.reply()).toMatch(/^421 /);
  });

  it('ends a connection whose command line never ends', async () => {
    const client = await (await serve()).login();
    expect(await client.say('x'.repeat(5000))).toMatch(/^500 /);
  });

  it('stops while a transfer is under way', async () => {
    const { server, login } = await serve();
    const client = await login();
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.say('EPSV'))?.[1]);
    const stalled = connect(port, '127.0.0.1').pause();
    stalled.on('error', () => undefined);
    await client.say('RETR initrd.img');
    await server.stop();
    stalled.destroy();
  });
});

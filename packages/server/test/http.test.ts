import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

async function serve(config: object = {}, files: Record<string, string | Uint8Array> = {}) {
  const folder = folderOf({ ...DEMO_FILES, ...files });
  const server = createServer({ ...DEMO, address: '127.0.0.1/8', dhcp: false, tftp: false, http: { port: 0 }, ...config }, { folder });
  await server.start();
  onTestFinished(() => server.stop());
  const url = server.site.httpUrl as string;
  return { server, url, get: (path: string, init?: RequestInit) => fetch(url + path, { redirect: 'manual', ...init }), folder };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

describe('HTTP tree', () => {
  it('serves whole files with length, type, entity tag and date', async () => {
    const { get } = await serve();
    const response = await get('/images/demo/vmlinuz');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('kernel');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '6',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^".+"$/),
    });
    expect(Date.parse(response.headers.get('last-modified') ?? '')).toBeGreaterThan(0);
  });

  it.each([
    ['bytes=0-4', 206, 'abcde', 'bytes 0-4/26'],
    ['bytes=20-', 206, 'uvwxyz', 'bytes 20-25/26'],
    ['bytes=-3', 206, 'xyz', 'bytes 23-25/26'],
    ['bytes=20-99', 206, 'uvwxyz', 'bytes 20-25/26'],
    ['bytes=26-', 416, '', 'bytes */26'],
    ['bytes=5-2', 200, ALPHABET, null],
    ['bytes=0-1,3-4', 200, ALPHABET, null],
    ['lines=1-2', 200, ALPHABET, null],
  ])('answers Range %s with %i', async (range, status, body, contentRange) => {
    const { get } = await serve({}, { 'images/demo/abc': ALPHABET });
    const response = await get('/images/demo/abc', { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([status, body, contentRange]);
  });

  it('logs each request with the bytes that were sent', async () => {
    const { server, get } = await serve();
    await (await get('/images/demo/vmlinuz')).text();
    await (await get('/images/demo/vmlinuz', { headers: { range: 'bytes=0-1' } })).text();
    await get('/images/demo/vmlinuz', { method: 'HEAD' });
    const page = await (await get('/images/')).text();
    const sent = () => server.events.history.filter(({ type }) => type === 'http.request').map(({ status, bytes }) => [status, bytes]);
    await expect.poll(sent).toEqual([
      [200, 6],
      [206, 2],
      [200, 0],
      [200, page.length],
    ]);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const { get } = await serve();
    const response = await get('/images/demo/vmlinuz', { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '6', '']);
  });

  it('answers 304 and 412 as the conditions say', async () => {
    const { get } = await serve();
    const path = '/images/demo/vmlinuz';
    const first = await get(path);
    const [etag, date] = [first.headers.get('etag') as string, first.headers.get('last-modified') as string];
    const status = async (headers: Record<string, string>) => (await get(path, { headers })).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-modified-since': date })).toBe(304);
    expect(await status({ 'if-none-match': '"other"', 'if-modified-since': date })).toBe(200);
    expect(await status({ 'if-match': '"other"' })).toBe(412);
    expect(await status({ 'if-range': etag, range: 'bytes=0-1' })).toBe(206);
    expect(await status({ 'if-range': '"other"', range: 'bytes=0-1' })).toBe(200);
  });

  it('lists folders, and sends folders without a slash to the one with it', async () => {
    const { get } = await serve({}, { 'images/demo/a b&c/x': '' });
    expect((await get('/images/demo')).headers.get('location')).toBe('/images/demo/');
    const page = await (await get('/images/demo/')).text();
    expect(page).toContain('<a href="a%20b%26c/">a b&amp;c/</a>');
    expect(page).toContain('<a href="vmlinuz">vmlinuz</a>');
    expect(await (await get('/images/')).text()).toContain('href="demo/"');
  });

  it('ends the connection when a file changes while it is sent', async () => {
    const { get, folder, server } = await serve();
    const file = join(folder, 'images/demo/big');
    writeFileSync(file, Buffer.alloc(64 * 1024 * 1024, 'old'));
    const reader = (await get('/images/demo/big')).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await reader.read();
    writeFileSync(file, 'new', { flag: 'r+' });
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    await expect(rest).rejects.toThrow();
    await expect.poll(() => server.events.counts.get('http.aborted')).toBe(1);
  });

  it('sends large files whole, at once to several clients', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_017 }, (_, at) => (at * 31) % 251));
    const { get } = await serve({}, { 'images/demo/big': bytes });
    const got = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const response = await get('/images/demo/big', { headers: { range: `bytes=${at * 1000}-` } });
        return Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(at * 1000));
      }),
    );
    expect(got).toEqual(Array(8).fill(true));
  });

  it('serves aliases', async () => {
    const { get } = await serve({ http: { port: 0, aliases: { '/pub': 'public' } } }, { 'public/a.txt': 'hello' });
    expect(await (await get('/pub/a.txt')).text()).toBe('hello');
    expect((await get('/pub')).status).toBe(301);
  });

  it('serves an alias for all that nothing else answers', async () => {
    const files = {
      'public/a.txt': 'hello',
      'public/images/demo/vmlinuz': 'hidden',
      'public/images/old/b.txt': 'old',
      'public/ks.cfg': 'ks',
    };
    const { get } = await serve({ http: { port: 0, aliases: { '/': 'public' } } }, files);
    const text = async (path: string) => (await get(path)).text();
    expect(await Promise.all(['/a.txt', '/images/demo/vmlinuz', '/images/old/b.txt', '/ks.cfg'].map(text))).toEqual([
      'hello',
      'kernel',
      'old',
      'ks',
    ]);
    const page = await text('/');
    expect(page.match(/href="[^"]+"/g)).toEqual(['href="images/"', 'href="boot/"', 'href="a.txt"', 'href="ks.cfg"']);
    expect((await get('/ks/nobody')).status).toBe(404);
  });

  it('refuses to leave the folder by any spelling', async () => {
    const { get } = await serve();
    for (const path of [
      '/images/demo/..%2f..%2fks.cfg.liquid',
      '/images/demo/%2e%2e/%2e%2e/ks.cfg.liquid',
      '/images/demo/..%5c..%5cks.cfg.liquid',
      '/images/demo/a%00b',
    ]) {
      expect([403, 404], path).toContain((await get(path)).status);
    }
  });

  it('follows links inside the folder, and none that lead out, also when they change', async () => {
    const { get, folder } = await serve();
    const image = join(folder, 'images/demo');
    const point = (link: string, to: string) => {
      rmSync(join(image, link), { force: true });
      symlinkSync(to, join(image, link));
    };
    const answer = async (path: string) => {
      const response = await get(`/images/demo/${path}`);
      return response.status === 200 ? response.text() : response.status;
    };
    mkdirSync(join(image, 'sub'));
    writeFileSync(join(image, 'sub/ks.cfg.liquid'), 'inside');
    for (let round = 0; round < 3; round++) {
      point('file', 'vmlinuz');
      point('folder', 'sub');
      expect([await answer('file'), await answer('folder/ks.cfg.liquid')]).toEqual(['kernel', 'inside']);
      point('file', '../../ks.cfg.liquid');
      point('folder', '../..');
      expect([await answer('file'), await answer('folder/ks.cfg.liquid')]).toEqual([403, 403]);
    }
  });

  it('serves the boot tree', async () => {
    const { get } = await serve();
    expect(await (await get('/boot/images/demo/vmlinuz')).text()).toBe('kernel');
    expect(await (await get('/boot/ipxe/52-54-00-12-34-56.ipxe')).text()).toMatch(/^#!ipxe/);
  });

  it('renders the kickstart of a machine, counts the fetch and takes the call home', async () => {
    const { server, get, url } = await serve();
    server.machines.see('52:54:00:12:34:56', {}, true);
    const text = await (await get('/ks/m1')).text();
    expect(text).toContain('network --hostname=m1\n');
    const callHome = /curl -fsS --retry 5 -X POST '([^']+)'/.exec(text)?.[1] as string;
    expect(callHome.startsWith(`${url}/call-home/m1/`)).toBe(true);
    expect(server.machines.get('52:54:00:12:34:56')?.state).toBe('installing');
    expect((await fetch(`${url}/call-home/m1/wrong`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(callHome, { method: 'POST' })).status).toBe(200);
    expect(server.machines.get('52:54:00:12:34:56')?.state).toBe('installed');
    const types = server.events.history.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['kickstart.fetched', 'machine.state', 'callhome']));
    expect(JSON.stringify(server.events.history)).not.toContain(callHome.split('/').at(-1));
  });

  it('gives kickstarts only to those who know the secret, where the configuration asks for that', async () => {
    const { server, get } = await serve({ kickstartTokens: true });
    const { token } = server.machines.see('52:54:00:12:34:56', {}, true);
    expect((await get('/ks/m1')).status).toBe(403);
    expect((await get('/ks/m1/0000')).status).toBe(403);
    expect((await get(`/ks/m1/${token}`)).status).toBe(200);
  });

  it('reports a template that does not render with file and line', async () => {
    const { get, server, folder } = await serve({}, { 'ks.cfg.liquid': 'text\nurl --url={{ mirror }}\n' });
    const response = await get('/ks/m1');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(`${join(folder, 'ks.cfg.liquid')}:2:14: undefined variable: mirror`);
    expect(server.events.counts.get('http.error')).toBe(1);
  });

  it('answers bytes that are no HTTP, counts them and logs them once per peer', async () => {
    const { connect } = await import('node:net');
    const { server, url } = await serve();
    for (let at = 0; at < 3; at++) {
      await new Promise<void>((done) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('\x16\x03\x01 not http\r\n\r\n'));
        socket
          .on('close', () => done())
          .on('error', () => {})
          .resume();
      });
    }
    expect(server.events.counts.get('http.malformed')).toBe(3);
    expect(server.events.history.filter(({ type }) => type === 'http.malformed')).toHaveLength(1);
  });
});

describe('start', () => {
  it('names the process that holds a port', async () => {
    const { url, folder } = await serve();
    const port = Number(new URL(url).port);
    const second = createServer({ ...DEMO, address: '127.0.0.1/8', dhcp: false, tftp: false, state: 'other', http: { port } }, { folder });
    await expect(second.start()).rejects.toMatchObject({
      code: 'SERVER_PORT_IN_USE',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });
});

import { existsSync } from 'node:fs';
import { type BootServer, createServer } from '@pxekit/server';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

const TOKEN = 'sesame-sesame';
const MAC = '52:54:00:12:34:56';

async function serve(config: object = {}): Promise<{ server: BootServer; url: string }> {
  const folder = folderOf(DEMO_FILES);
  const settings = {
    ...DEMO,
    address: '127.0.0.1/8',
    dhcp: false as const,
    tftp: false as const,
    http: { port: 0 },
    admin: { port: 0, token: TOKEN },
    ...config,
  };
  const server = createServer(settings, { folder });
  await server.start();
  onTestFinished(() => server.stop());
  return { server, url: `http://${server.listens.admin?.[0]?.replace('tcp ', '')}` };
}

const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' as const });

describe('admin listener', () => {
  it('shows machines, and what each would get, without any script', async () => {
    const { url } = await serve();
    const page = await (await fetch(url)).text();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<a href="/machines/m1">m1</a>');
    expect(page).toContain('installs demo');
  });

  it('shows the last problems with what to do', async () => {
    const { server, url } = await serve();
    server.events.emit('dhcp.ignored', { level: 'warn', mac: MAC, reason: 'no-free-address', message: 'all taken' });
    const page = await (await fetch(url)).text();
    expect(page).toContain('Make a pool larger');
  });

  it('arms and disarms with the token only', async () => {
    const { server, url } = await serve();
    expect((await fetch(`${url}/machines/m1/arm`, form({ token: 'wrong' }))).status).toBe(403);
    expect(server.machines.get(MAC)).toBeUndefined();
    expect((await fetch(`${url}/machines/m1/arm`, form({ token: TOKEN, profile: 'demo' }))).status).toBe(303);
    expect(server.machines.get(MAC)?.state).toBe('armed');
    const bearer = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, redirect: 'manual' as const };
    expect((await fetch(`${url}/machines/m1/disarm`, bearer)).status).toBe(303);
    expect(server.machines.get(MAC)?.state).toBe('local');
    expect((await fetch(`${url}/machines/m1/arm`, form({ token: TOKEN, profile: 'none' }))).status).toBe(400);
  });

  it('refuses every change where no token is configured', async () => {
    const { url } = await serve({ admin: { port: 0 } });
    expect((await fetch(`${url}/machines/m1/arm`, form({ token: '' }))).status).toBe(403);
  });

  it('never shows the secret of a machine', async () => {
    const { server, url } = await serve({ kickstartTokens: true });
    const { token } = server.machines.see(MAC, {}, true);
    expect(await (await fetch(`${url}/machines/m1`)).text()).not.toContain(token);
  });

  it('gives metrics for Prometheus', async () => {
    const { server, url } = await serve();
    server.events.emit('tftp.done', { file: 'x', bytes: 1000, ms: 5, retransmissions: 2 });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('pxekit_sent_bytes_total{service="tftp"} 1000');
    expect(text).toContain('pxekit_tftp_retransmissions_total 2');
  });

  it('tells events as they happen', async () => {
    const { server, url } = await serve();
    const ended = new AbortController();
    const response = await fetch(`${url}/events`, { signal: ended.signal });
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    let heard = new TextDecoder().decode((await reader.read()).value);
    server.events.emit('machine.seen', { mac: MAC });
    while (!heard.includes('machine.seen')) heard += new TextDecoder().decode((await reader.read()).value);
    expect(heard).toMatch(/^data: \{\}\n\ndata: \{.*"type":"machine.seen"/);
    ended.abort();
  });
});

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (executablePath === undefined)
  console.log('Skipped: the status page in a browser, because there is no Chromium (Debian: apt-get install chromium).');

describe.skipIf(executablePath === undefined)('status page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  it('shows a machine as soon as it is seen, and arms it', async () => {
    const { server, url } = await serve();
    const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    await page.goto(url);
    server.machines.see('52:54:00:aa:bb:cc', { address: '127.0.0.9' }, false);
    server.events.emit('machine.seen', { mac: '52:54:00:aa:bb:cc' });
    await page.getByText('52:54:00:aa:bb:cc').waitFor();
    if (process.env.PXEKIT_SCREENSHOT) await page.screenshot({ path: process.env.PXEKIT_SCREENSHOT });
    await page.getByRole('link', { name: 'm1' }).click();
    await page.locator('form[action$="/arm"] input[name=token]').fill(TOKEN);
    await page.getByRole('button', { name: /^Arm/ }).click();
    await page.getByText('armed, profile demo').waitFor();
    expect(server.machines.get(MAC)?.state).toBe('armed');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('reads without JavaScript, in the dark and on a narrow screen', async () => {
    const { url } = await serve();
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'dark', viewport: { width: 360, height: 640 } });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('link', { name: 'm1' }).waitFor();
    expect((await page.screenshot()).length).toBeGreaterThan(1000);
    await context.close();
  });
});

import { createConnection } from 'node:net';
import { get as tftpGet } from '@pxekit/tftp';
import { findPortHolder } from '../ports.js';
import type { Site } from '../site.js';
import { type DoctorItem, fail, ok } from './item.js';

/** Fetches files of a running server through its own sockets. */
export async function* checkRunning(site: Site): AsyncGenerator<DoctorItem> {
  const { tftp, http } = site.config;
  if (http !== false && http.port !== 0 && (await isOpen(site.address, http.port))) {
    const [image] = site.images.values();
    const url = `${site.httpUrl}${image ? `/images/${image.name}/${image.kernel}` : '/'}`;
    const status = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).then(
      (response) => response.status,
      (error: Error) => error.message,
    );
    if (status === 200) yield ok('fetch/http', `${url} is served`);
    else yield fail('fetch/http', `${url} gave ${status}`, 'Is the server that holds the port this one? `pxekit doctor` names it above.');
  }
  if (tftp !== false && tftp.port !== 0 && findPortHolder('udp', tftp.port)) {
    const file = site.loaders.bios?.name ?? 'pxelinux.cfg/default';
    try {
      const { data } = await tftpGet({ host: site.address, port: tftp.port, filename: file }, { retransmission: { giveUp: 3000 } });
      yield ok('fetch/tftp', `${file} came over TFTP, ${data.length} bytes`);
    } catch (error) {
      yield fail(
        'fetch/tftp',
        `${file} did not come over TFTP: ${(error as Error).message}`,
        'A firewall may stop TFTP: it answers from a new port for each transfer.',
      );
    }
  }
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: 1000 }, () => {
      socket.destroy();
      done(true);
    });
    for (const event of ['error', 'timeout'] as const) socket.on(event, () => done(!socket.destroy()));
  });
}

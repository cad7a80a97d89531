import { type ActivatedSocket, activatedSockets as listenSockets } from '@pxekit/dhcp-server';
import { ServerError } from './errors.js';

/** Services whose ports can be opened by the parent. */
const SERVICES = ['dhcp', 'tftp', 'http', 'ftp'] as const;

/** Sockets that were passed in, by the service they are for. */
export type PassedSockets = Partial<Record<(typeof SERVICES)[number], ActivatedSocket[]>>;

/**
 * The sockets that systemd opened for this process (`LISTEN_FDS`), by their names: `dhcp`, `tftp`, `http`, `ftp`, or the names
 * of socket units such as `pxekit-http.socket`. A DHCP socket for one of several cards is named `dhcp-eth0`.
 *
 * @throws {ServerError} `SERVER_SOCKETS` for a socket with another name.
 */
export function activatedSockets(env: NodeJS.ProcessEnv = process.env, pid = process.pid): PassedSockets {
  const passed: PassedSockets = {};
  for (const { fd, name } of listenSockets(env, pid)) {
    const [, service, card = ''] = /^(?:pxekit-)?(dhcp|tftp|http|ftp)(?:-(.+?))?(?:\.socket)?$/.exec(name) ?? [];
    if (service === undefined) {
      throw new ServerError(`Socket ${fd} that was passed in is named "${name}", which is no service`, {
        code: 'SERVER_SOCKETS',
        hint: `Name it with FileDescriptorName=: ${SERVICES.join(', ')}. \`pxekit systemd --sockets\` prints units that fit.`,
      });
    }
    const key = service as keyof PassedSockets;
    passed[key] = [...(passed[key] ?? []), { fd, name: card }];
  }
  return passed;
}

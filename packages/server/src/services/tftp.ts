import { resolve as resolvePath } from 'node:path';
import { createTftpServer, type TftpError, type TftpServer, type TransferRecord } from '@pxekit/tftp';
import { findBootFile } from '../boot-tree.js';
import type { Config } from '../config/schema.js';
import { type Core, clientOf, whoIs } from '../core.js';
import { explainListenError } from '../ports.js';
import type { Site } from '../site.js';

type TftpSection = Exclude<Config['tftp'], false>;

/** The TFTP service of a site. */
export interface TftpService {
  readonly listens: string[];
  readonly server: TftpServer;
  stop(drain: number): Promise<void>;
}

/** Opens the port of TFTP over the boot tree, or takes over a socket. */
export async function startTftp(core: Core, { address, folder }: Site, config: TftpSection, socket?: number): Promise<TftpService> {
  const server = createTftpServer({
    host: address,
    port: config.port,
    ...(socket === undefined ? {} : { socket }),
    options: () => {
      const { maxBlockSize, maxWindowSize } = core.site.config.tftp || config;
      return { maxBlockSize, maxWindowSize };
    },
    limits: { transfers: config.maxTransfers, transfersPerClient: config.maxTransfersPerClient },
    ...(config.uploads && config.root !== undefined ? { root: resolvePath(folder, config.root), uploads: true } : {}),
    handler: ({ path, peer }) => {
      const found = findBootFile(
        core.site,
        path,
        (mac) => clientOf(core, mac === undefined ? { address: peer.address } : { mac }),
        core.decide,
      );
      return found?.kind === 'file' ? { file: found.path } : found?.text;
    },
    onFinish: (record) => report(core, record),
    onDrop: ({ reason, peer, detail }) => {
      const key = `${reason} ${peer.address}`;
      core.events.emitOnce(key, reason === 'malformed' ? 'tftp.malformed' : 'tftp.dropped', {
        level: 'warn',
        peer: peer.address,
        reason,
        message: detail,
      });
    },
    onWarning: (error) => void core.events.emit('tftp.error', { level: 'error', message: error.message }),
  });
  try {
    const endpoints = await server.listen();
    return { listens: endpoints.map((each) => `udp ${each.address}:${each.port}`), server, stop: (drain) => server.close({ drain }) };
  } catch (error) {
    throw explainListenError(error, 'TFTP', 'udp', address, config.port);
  }
}

function report(core: Core, record: TransferRecord): void {
  const { outcome, filename, peer, bytes, duration, rate, retransmissions, blockSize, windowSize, type } = record;
  const error = record.error as TftpError | undefined;
  const fields = { peer: peer.address, ...whoIs(core, peer.address), file: filename };
  if (outcome === 'complete' || outcome === 'unconfirmed' || outcome === 'probe') {
    const ms = Math.round(duration * 10) / 10;
    const transfer = {
      bytes,
      ms,
      rate: Math.round(rate),
      retransmissions,
      blockSize,
      windowSize,
      ...(type === 'write' ? { upload: true } : {}),
    };
    core.events.emit(outcome === 'probe' ? 'tftp.probe' : 'tftp.done', { ...fields, ...transfer });
  } else if (error?.code === 'TFTP_NOT_FOUND') {
    core.events.emit('tftp.missing', fields);
  } else {
    core.events.emit(outcome === 'refused' ? 'tftp.refused' : 'tftp.failed', {
      level: 'warn',
      ...fields,
      outcome,
      code: error?.code,
      message: error?.message,
      bytes,
    });
  }
}

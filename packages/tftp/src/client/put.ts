import { bodyOf } from '../packets/body.js';
import { ChunkCache } from '../packets/cache.js';
import { FileCache } from '../packets/files.js';
import { Outgoing } from '../transfer/outgoing.js';
import type { PutBody, Target, TransferOptions, TransferRecord } from '../types.js';
import { exchange } from './exchange.js';
import { parseTarget } from './target.js';

const CACHE_BYTES = 4 * 1024 * 1024;

/**
 * Sends a file.
 *
 * @throws TftpError with the server's error, `TFTP_TIMEOUT`, `TFTP_UNREACHABLE`, `TFTP_ABORTED` or `TFTP_BAD_URL`; errors of the body as `TFTP_FAILED`
 */
export async function put(target: Target, body: PutBody, options: TransferOptions = {}): Promise<TransferRecord> {
  const chunks = new ChunkCache(CACHE_BYTES);
  const files = new FileCache(chunks);
  const mode = options.mode ?? parseTarget(target).mode ?? 'octet';
  const content = await bodyOf(body, mode, chunks, files);
  let taken = false;
  try {
    return await exchange('write', target, options, content.size, ({ agreement }, parts) => {
      taken = true;
      return new Outgoing({
        ...parts,
        agreement,
        source: content.packets(agreement),
        opening: undefined,
        confirmed: true,
        bytesPerSecond: Number.POSITIVE_INFINITY,
      });
    });
  } finally {
    if (!taken) content.close();
    files.close();
  }
}

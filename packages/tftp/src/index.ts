/**
 * A TFTP server and client.
 *
 * ```ts
 * import { createTftpServer, get } from '@pxekit/tftp';
 *
 * const server = createTftpServer({ root: '/srv/tftp', files: { 'hello.txt': 'Hello\n' } });
 * await server.listen();
 * const { data } = await get('tftp://127.0.0.1/hello.txt');
 * await server.close();
 * ```
 *
 * @packageDocumentation
 */

export { get, getFile, getStream } from './client/get.js';
export { put } from './client/put.js';
export { CODES, type TftpErrorCode } from './codes.js';
export { TftpError } from './error.js';
export { type MappedRequest, type NameMap, parseNameMap } from './name-map.js';
export { createTftpServer } from './server/server.js';
export { type FaultContext, type FaultRule, type Faults, withFaults } from './testing/faults.js';
export { createMemoryNetwork, type MemoryNetwork, type MemoryNetworkOptions } from './testing/memory-network.js';
export { type RecordedDatagram, type Recording, record } from './testing/record.js';
export { VirtualClock } from './testing/virtual-clock.js';
export { createDgramTransport } from './transport/dgram.js';
export type * from './types.js';

import type { Lease } from './store.js';

/** Whether the client goes on with its lease, and says of itself what it said before: only times are new. */
export function isRenewal(lease: Lease, before: Lease | undefined): boolean {
  return (
    before !== undefined &&
    lease.state === 'active' &&
    before.state === 'active' &&
    before.client === lease.client &&
    before.started === lease.started &&
    before.hardware === lease.hardware &&
    before.clientId === lease.clientId &&
    before.hostname === lease.hostname &&
    before.relayAgent === lease.relayAgent
  );
}

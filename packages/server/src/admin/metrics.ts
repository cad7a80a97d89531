import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Core } from '../core.js';
import type { ServerEvent } from '../events.js';
import type { Services } from '../listeners.js';

/** Metrics for Prometheus, fed by the event stream. `stop` ends that. */
export function createMetrics(core: Core, services: Services): { registry: Registry; stop(): void } {
  const registry = new Registry();
  const registers = [registry];
  const events = new Counter({ name: 'pxekit_events_total', help: 'Events by type.', labelNames: ['type'], registers });
  const replies = new Counter({ name: 'pxekit_dhcp_replies_total', help: 'DHCP replies sent, by type.', labelNames: ['type'], registers });
  const bytes = new Counter({
    name: 'pxekit_sent_bytes_total',
    help: 'Bytes of files sent, by service.',
    labelNames: ['service'],
    registers,
  });
  const again = new Counter({ name: 'pxekit_tftp_retransmissions_total', help: 'TFTP blocks sent again.', registers });
  const seconds = new Histogram({
    name: 'pxekit_transfer_seconds',
    help: 'Time of finished transfers, by service.',
    labelNames: ['service'],
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers,
  });
  const machines = new Gauge({
    name: 'pxekit_machines',
    help: 'Machines by state.',
    labelNames: ['state'],
    registers,
    collect: countMachines,
  });
  const transfers = new Gauge({ name: 'pxekit_tftp_transfers', help: 'TFTP transfers that run.', registers, collect: countTransfers });

  function countMachines(this: Gauge) {
    machines.reset();
    for (const { state } of core.machines.all()) machines.inc({ state });
  }
  function countTransfers(this: Gauge) {
    transfers.set(services.tftp?.server.stats().active ?? 0);
  }

  const onEvent = (event: ServerEvent) => {
    const [service = '', what = ''] = event.type.split('.');
    events.inc({ type: event.type });
    if (service === 'dhcp' && event.request !== undefined && what !== 'ignored') replies.inc({ type: what });
    if (typeof event.bytes !== 'number' || service === 'dhcp' || service === 'kickstart') return;
    bytes.inc({ service }, event.bytes);
    if (typeof event.ms === 'number') seconds.observe({ service }, event.ms / 1000);
    if (typeof event.retransmissions === 'number') again.inc(event.retransmissions);
  };
  return { registry, stop: core.events.subscribe(onEvent) };
}

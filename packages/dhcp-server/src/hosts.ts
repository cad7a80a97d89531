import type { BootAnswer, BootTable } from './boot.js';
import { checkBootTable } from './check-boot.js';
import { relayIdHex } from './classes.js';
import type { ReservationConfig } from './config.js';
import { address, leaseTimes } from './config-values.js';
import { configError } from './errors.js';
import { hardwareKey } from './identity.js';
import type { Ipv4 } from './ipv4.js';
import { compileOptions } from './options.js';
import type { Host, HostIndex, MarkKind } from './plan.js';

/** Gathers reservations under all their marks. */
export class HostTable implements HostIndex {
  readonly byMark = new Map<string, Host[]>();
  readonly byAddress = new Map<Ipv4, Host>();
  readonly kinds = new Set<MarkKind>();

  add(config: ReservationConfig, field: string): void {
    const marks = reservationMarks(config, field);
    if (marks.length === 0) throw configError(field, 'needs one of mac, clientId, uuid, circuitId, remoteId');
    const host: Host = {
      name: marks[0]!.mark,
      address: config.address === undefined ? undefined : address(config.address, `${field}.address`),
      hostname: config.hostname,
      options: compileOptions(config.options, `${field}.options`),
      leaseTime: config.leaseTime === undefined ? undefined : leaseTimes(config.leaseTime, `${field}.leaseTime`),
      boot: checkBootTable(hostBoot(config.boot), `${field}.boot`),
      classes: config.classes ?? [],
      ignore: config.ignore ?? false,
    };
    for (const { kind, mark } of marks) {
      this.kinds.add(kind);
      const same = this.byMark.get(mark);
      if (same === undefined) this.byMark.set(mark, [host]);
      else same.push(host);
    }
    if (host.address === undefined) return;
    const other = this.byAddress.get(host.address);
    if (other !== undefined) throw configError(`${field}.address`, `${config.address} is reserved for ${other.name} already`);
    this.byAddress.set(host.address, host);
  }
}

function reservationMarks(config: ReservationConfig, field: string): { kind: MarkKind; mark: string }[] {
  const marks: { kind: MarkKind; mark: string }[] = [];
  const hex = (text: string, name: string) => {
    const digits = text.replaceAll(/[:. -]/g, '').toLowerCase();
    if (!/^(?:[0-9a-f]{2})+$/.test(digits)) throw configError(`${field}.${name}`, `"${text}" is not hexadecimal`);
    return digits;
  };
  if (config.mac !== undefined)
    marks.push({
      kind: 'mac',
      mark: hardwareKey(1, hex(config.mac, 'mac').match(/../g)!.join(':')),
    });
  if (config.clientId !== undefined) marks.push({ kind: 'id', mark: `id/${hex(config.clientId, 'clientId')}` });
  if (config.uuid !== undefined) {
    const uuid = hex(config.uuid, 'uuid');
    if (uuid.length !== 32) throw configError(`${field}.uuid`, `"${config.uuid}" has not 32 hexadecimal digits`);
    marks.push({ kind: 'uuid', mark: `uuid/${uuid}` });
  }
  if (config.circuitId !== undefined) marks.push({ kind: 'circuit', mark: `circuit/${relayIdHex(config.circuitId)}` });
  if (config.remoteId !== undefined) marks.push({ kind: 'remote', mark: `remote/${relayIdHex(config.remoteId)}` });
  return marks;
}

function hostBoot(boot: BootTable | BootAnswer | undefined): BootTable | undefined {
  if (boot === undefined) return undefined;
  return 'filename' in boot || 'menu' in boot || 'nextServer' in boot || 'options' in boot || 'serverName' in boot
    ? { default: boot as BootAnswer }
    : (boot as BootTable);
}

import { createMessage, type Message, makeOptions, type OptionsInput } from '@pxekit/dhcp';
import type { ClientProfile } from './clients.js';

/** What the boot ROM asks for in option 55, as seen in captures. */
const PARAMETERS = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134,
  135,
];

export interface MachineOptions {
  /** Default: an address that no machine has. */
  mac?: string | undefined;
  /** Default: made from the hardware address. */
  uuid?: Uint8Array | undefined;
  /** Default: the last four bytes of the hardware address. */
  serial?: string | undefined;
}

/** The machine that is simulated: what it is called, and the messages it would send. */
export class Machine {
  readonly profile: ClientProfile;
  readonly mac: string;
  /** Option 97, without its type. */
  readonly uuid: Uint8Array;

  /** Serial number in 8 hexadecimal digits: the folder a Raspberry Pi looks into first. */
  readonly serial: string;

  constructor(profile: ClientProfile, { mac = profile.mac, uuid, serial }: MachineOptions) {
    this.profile = profile;
    this.mac = mac;
    this.serial = serial ?? mac.replaceAll(':', '').slice(4);
    this.uuid = uuid ?? (profile.isRaspberryPi ? raspberryPiUuid(mac, this.serial) : madeUuid(mac));
  }

  /** The UUID in the byte order of the wire, as PXELINUX writes it. */
  get wireUuid(): string {
    const hex = Buffer.from(this.uuid).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** A message of the boot ROM, with the marks it is known by. */
  romMessage(messageType: 1 | 3, xid: number, options: OptionsInput = {}): Message {
    const { architecture, vendorClass, userClass, broadcast } = this.profile;
    const marks: OptionsInput = {
      ...options,
      maxMessageSize: 1472,
      clientArchitecture: [architecture],
      clientNdi: { type: 1, major: 2, minor: 1 },
      clientMachineId: { type: 0, id: this.uuid },
      vendorClassIdentifier: vendorClass,
      ...(userClass === undefined ? {} : { userClass }),
      parameterRequestList: PARAMETERS,
    };
    return this.#message(messageType, xid, marks, broadcast ? 0x8000 : 0);
  }

  /** A message of the installer: none of those marks, and a client identifier. */
  installerMessage(messageType: 1 | 3, xid: number, options: OptionsInput = {}): Message {
    return this.#message(messageType, xid, {
      ...options,
      clientIdentifier: { type: 1, id: Uint8Array.from(bytesOf(this.mac)) },
      maxMessageSize: 576,
      parameterRequestList: [1, 3, 6, 12, 15, 28, 42, 51, 54, 119, 121],
    });
  }

  #message(messageType: 1 | 3, xid: number, options: OptionsInput, flags = 0): Message {
    return createMessage({ xid, secs: 4, flags, chaddr: this.mac, options: [...makeOptions({ messageType }), ...makeOptions(options)] });
  }
}

function madeUuid(mac: string): Uint8Array {
  return Uint8Array.from([0x70, 0x78, 0x65, 0x6b, 0, 0, 0x40, 0, 0x80, 0, ...bytesOf(mac)]);
}

/** `RPi4`, the board's revision, four bytes of the hardware address, and the serial number. */
function raspberryPiUuid(mac: string, serial: string): Uint8Array {
  return Uint8Array.from([0x52, 0x50, 0x69, 0x34, 0x11, 0x31, 0xc0, 0, ...bytesOf(mac).slice(2), ...Buffer.from(serial, 'hex').reverse()]);
}

function bytesOf(mac: string): number[] {
  return mac.split(':').map((part) => Number.parseInt(part, 16));
}

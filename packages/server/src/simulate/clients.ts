/** The kinds of client that can be simulated. */
export const CLIENT_KINDS = ['bios', 'uefi-x64', 'uefi-arm64', 'uefi-http', 'ipxe', 'rpi'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** What a client says about itself and how it asks, as seen in captures of real firmware. */
export interface ClientProfile {
  architecture: number;
  /** Option 60. */
  vendorClass: string;
  /** Option 77. */
  userClass: string | undefined;
  /** Whether it asks for replies by broadcast. */
  broadcast: boolean;
  /** What the boot ROM asks of TFTP. */
  tftp: { blockSize: number; windowSize: number | false };
  /** Hardware address where none is given. */
  mac: string;
  /** Its boot ROM asks for files by itself, whatever the answer names. */
  isRaspberryPi?: boolean;
}

export const CLIENTS: Record<ClientKind, ClientProfile> = {
  bios: {
    architecture: 0,
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    userClass: undefined,
    broadcast: false,
    tftp: { blockSize: 1432, windowSize: false },
    mac: '52:54:00:70:78:01',
  },
  'uefi-x64': {
    architecture: 7,
    vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
    userClass: undefined,
    broadcast: true,
    tftp: { blockSize: 1468, windowSize: 4 },
    mac: '52:54:00:70:78:02',
  },
  'uefi-arm64': {
    architecture: 11,
    vendorClass: 'PXEClient:Arch:00011:UNDI:003000',
    userClass: undefined,
    broadcast: true,
    tftp: { blockSize: 1468, windowSize: 4 },
    mac: '52:54:00:70:78:03',
  },
  'uefi-http': {
    architecture: 16,
    vendorClass: 'HTTPClient:Arch:00016:UNDI:003000',
    userClass: undefined,
    broadcast: true,
    tftp: { blockSize: 1468, windowSize: 4 },
    mac: '52:54:00:70:78:04',
  },
  ipxe: {
    architecture: 0,
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    userClass: 'iPXE',
    broadcast: false,
    tftp: { blockSize: 1432, windowSize: false },
    mac: '52:54:00:70:78:05',
  },
  rpi: {
    architecture: 0,
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    userClass: undefined,
    broadcast: false,
    tftp: { blockSize: 1468, windowSize: false },
    mac: 'dc:a6:32:70:78:06',
    isRaspberryPi: true,
  },
};

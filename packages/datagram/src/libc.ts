/** The functions of the C library that batches need, called through koffi. Pointers and sizes are plain numbers. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, length: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  close(fd: number): number;
  errno(): number;
  /** The address of memory that does not move. */
  addressOf(buffer: ArrayBuffer): number;
}

const SIGNATURES = [
  'int socket(int, int, int)',
  'int bind(int, uintptr_t, uint32_t)',
  'int setsockopt(int, int, int, uintptr_t, uint32_t)',
  'int recvmmsg(int, uintptr_t, uint32_t, int, uintptr_t)',
  'int sendmmsg(int, uintptr_t, uint32_t, int)',
  'int close(int)',
] as const;

let loaded: Promise<Libc | string> | undefined;

/** The library, or the reason why it cannot be called here. */
export function loadLibc(): Promise<Libc | string> {
  return (loaded ??= load());
}

async function load(): Promise<Libc | string> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    return `batches are made for Linux on x64 and arm64, this is ${process.platform} on ${process.arch}`;
  let koffi: typeof import('koffi');
  try {
    koffi = await import('koffi');
  } catch {
    return 'the optional dependency koffi is not installed';
  }
  try {
    const library = koffi.load(null);
    const functions = Object.fromEntries(SIGNATURES.map((signature) => [/(\w+)\(/.exec(signature)![1]!, library.func(signature)]));
    return {
      ...(functions as unknown as Libc),
      errno: () => koffi.errno(),
      addressOf: (buffer) => Number(koffi.address(buffer)),
    };
  } catch (cause) {
    return `the C library cannot be called: ${(cause as Error).message}`;
  }
}

/** Memory with a fixed address, seen as bytes and as 32-bit words. */
export class Memory {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly address: number;

  constructor(libc: Libc, length: number) {
    const buffer = new ArrayBuffer(Math.ceil(length / 8) * 8);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.address = libc.addressOf(buffer);
  }

  /** Writes a pointer or `size_t` at a byte offset. */
  pointer(at: number, value: number): void {
    this.words[at >> 2] = value >>> 0;
    this.words[(at >> 2) + 1] = Math.floor(value / 2 ** 32);
  }
}

/**
 * The calls of Linux's C library that servers need, through koffi. Pointers and sizes are plain numbers (addresses of memory
 * outside the JavaScript heap, see `Memory`), so that a call allocates nothing.
 */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  connect(fd: number, address: number, length: number): number;
  getsockname(fd: number, address: number, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, length: number): number;
  send(fd: number, data: number, length: number, flags: number): number;
  recv(fd: number, data: number, length: number, flags: number): number;
  sendto(fd: number, data: number, length: number, flags: number, to: number, toLength: number): number;
  recvfrom(fd: number, data: number, length: number, flags: number, from: number, fromLength: number): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: number): number;
  epoll_wait(epoll: number, events: number, most: number, timeout: number): number;
  /** Like `epoll_wait` with a `struct timespec`; missing in C libraries before 2021. */
  epoll_pwait2?(epoll: number, events: number, most: number, timeout: number, mask: number): number;
  /** Missing in C libraries before 2018. */
  statx?(folder: number, path: string, flags: number, mask: number, result: number): number;
  close(fd: number): number;
  errno(): number;
  /** Calls back from the event loop while the descriptor can be read. Promises do not go on in the callback. */
  poll(fd: number, readable: () => void): Poll;
  /** The address of memory that does not move. */
  addressOf(buffer: ArrayBuffer): number;
}

/** A descriptor in Node's event loop, which it keeps alive unless told not to. */
export interface Poll {
  ref(): void;
  unref(): void;
  close(): void;
}

const SIGNATURES = [
  'int socket(int, int, int)',
  'int bind(int, uintptr_t, uint32_t)',
  'int connect(int, uintptr_t, uint32_t)',
  'int getsockname(int, uintptr_t, uintptr_t)',
  'int setsockopt(int, int, int, uintptr_t, uint32_t)',
  'intptr_t send(int, uintptr_t, size_t, int)',
  'intptr_t recv(int, uintptr_t, size_t, int)',
  'intptr_t sendto(int, uintptr_t, size_t, int, uintptr_t, uint32_t)',
  'intptr_t recvfrom(int, uintptr_t, size_t, int, uintptr_t, uintptr_t)',
  'int sendmmsg(int, uintptr_t, uint32_t, int)',
  'int recvmmsg(int, uintptr_t, uint32_t, int, uintptr_t)',
  'int epoll_create1(int)',
  'int epoll_ctl(int, int, int, uintptr_t)',
  'int epoll_wait(int, uintptr_t, int, int)',
  'int close(int)',
] as const;

const NEWER = [
  'int epoll_pwait2(int, uintptr_t, int, uintptr_t, uintptr_t)',
  'int statx(int, const char *, int, uint32_t, uintptr_t)',
] as const;

function nameOf(signature: string): string {
  return /(\w+)\(/.exec(signature)![1]!;
}

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
  if (!koffi.node?.poll) return 'this version of koffi does not wait for descriptors';
  try {
    const library = koffi.load(null);
    const functions = Object.fromEntries(SIGNATURES.map((signature) => [nameOf(signature), library.func(signature)]));
    for (const signature of NEWER) {
      try {
        functions[nameOf(signature)] = library.func(signature);
      } catch {
        // Only a little slower without.
      }
    }
    return {
      ...(functions as unknown as Libc),
      errno: () => koffi.errno(),
      poll: (fd, readable) => koffi.node.poll(fd, readable),
      addressOf: (buffer) => Number(koffi.address(buffer)),
    };
  } catch (cause) {
    return `the C library cannot be called: ${(cause as Error).message}`;
  }
}

/** A socket that was opened for this process by its parent (sd_listen_fds(3)). */
export interface ActivatedSocket {
  fd: number;
  /** `FileDescriptorName=` of the socket unit, or empty. */
  name: string;
}

const FIRST_FD = 3;

/** The sockets passed in by systemd, or by anything that speaks its protocol: LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES. */
export function activatedSockets(env: NodeJS.ProcessEnv = process.env, pid = process.pid): ActivatedSocket[] {
  const count = Number(env.LISTEN_FDS ?? 0);
  if (!Number.isInteger(count) || count < 1 || Number(env.LISTEN_PID) !== pid) return [];
  const names = (env.LISTEN_FDNAMES ?? '').split(':');
  return Array.from({ length: count }, (_, n) => ({ fd: FIRST_FD + n, name: names[n] ?? '' }));
}

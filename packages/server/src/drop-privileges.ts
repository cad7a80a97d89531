import { readFileSync } from 'node:fs';
import { ServerError } from './errors.js';

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * A user of this system, by name.
 *
 * @throws {ServerError} `SERVER_USER` when there is none.
 */
export function findUser(name: string, passwd = readFileSync('/etc/passwd', 'utf8')): SystemUser {
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new ServerError(`There is no user "${name}"`, {
    code: 'SERVER_USER',
    hint: 'Correct `user`, or make one with `useradd --system`.',
  });
}

/**
 * Gives up root for good, once the ports are open. A process that is that user already, or was started without root, stays as it is.
 *
 * @throws {ServerError} `SERVER_USER` when the change is refused.
 */
export function dropPrivileges({ name, uid, gid }: SystemUser): void {
  if (process.getuid?.() === uid || process.getuid?.() !== 0) return;
  try {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(uid);
  } catch (error) {
    throw new ServerError(`This process may not become user "${name}": ${(error as Error).message}`, { code: 'SERVER_USER', cause: error });
  }
}

import { spawn } from 'node:child_process';

/**
 * A check for `isInUse`: whether somebody answers an ICMP echo within the time. It runs the system's `ping`, which may
 * send ICMP without this process being privileged. A machine that cannot be pinged looks free.
 *
 * @param timeout milliseconds; clients wait for their offer meanwhile, so keep it short. Default 500
 */
export function pingCheck({
  timeout = 500,
  command = 'ping',
}: {
  timeout?: number;
  command?: string;
} = {}): (address: string) => Promise<boolean> {
  return (address) =>
    new Promise((resolve, reject) => {
      const ping = spawn(command, ['-n', '-q', '-c', '1', '-W', String(Math.ceil(timeout / 1000)), address], { stdio: 'ignore' });
      const timer = setTimeout(() => {
        ping.kill();
        resolve(false);
      }, timeout);
      ping.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      ping.on('exit', (code) => {
        clearTimeout(timer);
        resolve(code === 0);
      });
    });
}

// The TFTP servers of Debian, as packaged. They conflict with each other and start by themselves when they are installed, so
// they are unpacked into a folder instead.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = { 'tftpd-hpa': 'usr/sbin/in.tftpd', atftpd: 'usr/sbin/atftpd', 'dnsmasq-base': 'usr/sbin/dnsmasq' };

/** Unpacks the packages once. Gives the programs and versions by package; a package that cannot be had is left out. */
export function peers(folder = join(tmpdir(), 'pxekit-tftp-peers')) {
  mkdirSync(folder, { recursive: true });
  const found = {};
  for (const [name, program] of Object.entries({ ...PACKAGES, libwrap0: '', libpcre3: '' })) {
    const root = join(folder, name);
    try {
      if (!existsSync(root)) {
        execFileSync('apt-get', ['download', name], { cwd: folder, stdio: 'ignore' });
        const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`));
        execFileSync('dpkg-deb', ['-x', join(folder, archive), root]);
      }
    } catch {
      continue;
    }
    const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`));
    if (program && existsSync(join(root, program))) found[name] = { program: join(root, program), version: archive?.split('_')[1] ?? '?' };
  }
  const libraries = ['libwrap0', 'libpcre3'].flatMap((name) =>
    ['usr/lib', 'lib'].map((sub) => join(folder, name, sub, `${machine()}-linux-gnu`)),
  );
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
  return { found, start: (name, port, root, host = '127.0.0.1') => start(found[name].program, name, port, root, host, env) };
}

function machine() {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64';
}

/** Starts a server. dnsmasq always listens on port 69. */
async function start(program, name, port, root, host, env) {
  const args = {
    'tftpd-hpa': ['-L', '--ipv4', '-c', '-a', `${host}:${port}`, '-s', root],
    atftpd: ['--daemon', '--no-fork', '--maxthread', '2000', '--verbose=0', '--bind-address', host, '--port', String(port), root],
    'dnsmasq-base': [
      ...['-k', '--port=0', '--enable-tftp', `--tftp-root=${root}`, '--tftp-max=2000', `--listen-address=${host}`, '--bind-interfaces'],
      ...['--conf-file=/dev/null', '--log-facility=/dev/null', '--pid-file=', '--user=root'],
    ],
  }[name];
  const child = spawn(program, args, { env, stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
  return {
    host,
    port: name === 'dnsmasq-base' ? 69 : port,
    pid: child.pid,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

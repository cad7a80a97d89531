// Records what the real PXELINUX asks for: boots every case of boots.json in QEMU and writes the requests back.
//
//   node packages/pxelinux/conformance/record-boots.mjs [NAME...]
//
// Needs qemu-system-x86_64, tshark, and Debian's packages pxelinux and syslinux-common. About ten seconds for each case.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const SECONDS = 12;
const LOADER = '/usr/lib/PXELINUX/pxelinux.0';
const MODULES = '/usr/lib/syslinux/modules/bios';
const file = new URL('boots.json', import.meta.url);
const boots = JSON.parse(readFileSync(file, 'utf8'));
const names = process.argv.slice(2);

for (const boot of boots.filter(({ name }) => names.length === 0 || names.includes(name))) {
  boot.requests = await record(boot);
  console.log(`${boot.name}: ${boot.requests.join(' ')}`);
  writeFileSync(file, `${JSON.stringify(boots, null, 2)}\n`);
}

async function record({ files, modules = ['menu.c32', 'libutil.c32', 'vesamenu.c32', 'libcom32.c32'] }) {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-boot-'));
  const root = join(folder, 'root');
  const capture = join(folder, 'capture.pcap');
  const place = (name) => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  copyFileSync(LOADER, place('pxelinux.0'));
  for (const module of ['ldlinux.c32', ...modules]) copyFileSync(join(MODULES, basename(module)), place(module));
  for (const [name, text] of Object.entries(files)) writeFileSync(place(name), text);
  const machine = spawn('qemu-system-x86_64', [
    ...'-accel tcg -m 128 -display none -serial none -monitor none -boot n -uuid b8945908-d6a6-41a9-611d-74a6ab80b83d'.split(' '),
    ...['-netdev', `user,id=net,tftp=${root},bootfile=pxelinux.0`, '-device', 'e1000,netdev=net,mac=52:54:00:ab:cd:ef'],
    ...['-object', `filter-dump,id=dump,netdev=net,file=${capture}`],
  ]);
  await setTimeout(SECONDS * 1000);
  machine.kill('SIGKILL');
  const fields = ['-Y', 'tftp.opcode==1', '-T', 'fields', '-e', 'tftp.source_file'];
  const { stdout } = spawnSync('tshark', ['-r', capture, ...fields], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const requests = stdout.split('\n').filter((name) => /^[\x20-\x7e]+$/.test(name));
  return requests.slice(requests.indexOf('pxelinux.cfg/default')).slice(0, 12);
}

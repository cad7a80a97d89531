import { type ClientKind, loadConfig, OfflineNetwork, type SimulatedStep, walk } from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

async function simulate(client: ClientKind, files: Record<string, string>, options: { mac?: string; serial?: string } = {}) {
  const folder = folderOf({ ...DEMO_FILES, ...files, 'pxekit.yaml': stringify(DEMO) });
  const network = await OfflineNetwork.open(loadConfig(`${folder}/pxekit.yaml`));
  onTestFinished(() => network.close());
  const steps: SimulatedStep[] = [];
  let xid = 1;
  const run = walk({ client, network, clock: () => 0, random: () => xid++, ...options });
  let step = await run.next();
  for (; !step.done; step = await run.next()) steps.push(step.value);
  return { steps, result: step.value };
}

const PI_4 = { mac: 'dc:a6:32:12:34:56', serial: '9ffefdef' };
const FIRMWARE = { 'start4.elf': 'firmware', 'fixup4.dat': 'fixup', 'cmdline.txt': 'console=serial0 root=/dev/nfs\n' };
const under = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`tftp/${folder}${name}`, content]));

describe('a Raspberry Pi', () => {
  it('takes everything from the folder of its serial number', async () => {
    const { steps, result } = await simulate('rpi', under('9ffefdef/', { ...FIRMWARE, 'config.txt': '', 'kernel8.img': 'kernel' }), PI_4);
    expect(result).toMatchObject({ outcome: 'kernel', kernel: '9ffefdef/kernel8.img', arguments: 'console=serial0 root=/dev/nfs' });
    expect(steps.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(steps.filter(({ answered }) => answered === 'not found')).toEqual([]);
  });

  it('takes everything from the root when its start file is not in that folder', async () => {
    const config = '[pi3]\nkernel=other.img\n[pi4]\nkernel=vmlinuz # 64 bit\n[all]\ninitramfs initrd.img followkernel\n';
    const files = under('', { ...FIRMWARE, 'config.txt': config, vmlinuz: 'kernel', 'initrd.img': 'initrd' });
    const { steps, result } = await simulate('rpi', { ...files, 'tftp/9ffefdef/config.txt': 'kernel=not-this' }, PI_4);
    expect(result).toMatchObject({ kernel: 'vmlinuz' });
    expect(steps.map(({ asked }) => / TFTP (\S+)/.exec(asked)?.[1]).filter((name) => name !== undefined)).toEqual([
      '9ffefdef/start4.elf',
      'start4.elf',
      'fixup4.dat',
      'config.txt',
      'cmdline.txt',
      'vmlinuz',
      'initrd.img',
    ]);
  });

  it('of an older model loads bootcode.bin first, and has its serial number in its address', async () => {
    const files = { ...under('', { 'bootcode.bin': 'rom' }), ...under('eb123456/', { 'start.elf': 'x', 'kernel7.img': 'kernel' }) };
    const { steps, result } = await simulate('rpi', files, { mac: 'b8:27:eb:12:34:56' });
    expect(result.kernel).toBe('eb123456/kernel7.img');
    expect(steps.flatMap(({ warnings }) => warnings)).toHaveLength(3);
  });

  it('stops where its firmware or its kernel is missing', async () => {
    await expect(simulate('rpi', {}, PI_4)).rejects.toMatchObject({ step: 'firmware', message: expect.stringContaining('start4.elf') });
    await expect(simulate('rpi', under('', FIRMWARE), PI_4)).rejects.toMatchObject({
      step: 'kernel',
      message: expect.stringContaining('kernel8.img, kernel7l.img'),
    });
  });
});

import { readFileSync } from 'node:fs';
import { discover, encode } from '@pxekit/dhcp';
import { describe, expect, it } from 'vitest';
import { review } from '../lint-kickstart.js';
import { introduce } from '../read-dhcp.js';
import { fetchOverBadNetwork } from '../test-rig.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the examples of the front page', () => {
  it.each(['read-dhcp', 'test-rig', 'lint-kickstart'])('%s stands there as it runs here', (name) => {
    const source = readFileSync(new URL(`../${name}.ts`, import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  });

  it('reads what a machine says about itself', () => {
    const datagram = encode(discover({ xid: 7, chaddr: '52:54:00:77:00:01', options: { clientArchitecture: [7] } }));
    expect(introduce(datagram)).toMatchObject({
      line: expect.stringContaining('DISCOVER 52:54:00:77:00:01'),
      architectures: [7],
      faults: [],
    });
  });

  it('fetches a file whole over a network that loses packets', async () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index & 255);
    const { data, retransmissions } = await fetchOverBadNetwork(content);
    expect(Buffer.compare(data, content)).toBe(0);
    expect(retransmissions).toBeGreaterThanOrEqual(2);
  });

  it('reviews a kickstart', () => {
    expect(review('install\nlang en_US\n', 'RHEL9')[0]).toMatch(/^1:1 error ks\/removed-command /);
  });
});

import { checkReferences, initialConfig, parseConfig } from '@pxekit/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const findings = (text: string) => {
  const parsed = parseConfig(text);
  return [...parsed.diagnostics, ...checkReferences(parsed)];
};

describe('initialConfig', () => {
  it('lends neither the address of the gateway nor its own, wherever they lie', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 29 }), fc.nat(), fc.nat(), (prefix, own, gateway) => {
        const size = 2 ** (32 - prefix) - 2;
        const at = (n: number) => [24, 16, 8, 0].map((shift) => ((0x0a000000 + 1 + (n % size)) >>> shift) & 255).join('.');
        const text = initialConfig({ local: { interface: 'eth0', address: at(own), prefix }, router: at(gateway) });
        expect(findings(text)).toEqual([]);
      }),
    );
  });
});

import { DhcpServerError, type Lease, leasesFromCsv, leasesFromJson, leasesToCsv, leasesToJson } from '@pxekit/dhcp-server';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const time = fc.integer({ min: 0, max: 4e12 });
const lease: fc.Arbitrary<Lease> = fc.record({
  address: fc.ipV4(),
  client: fc.string({ minLength: 1, unit: 'grapheme' }),
  hardware: fc.string(),
  clientId: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  hostname: fc.option(fc.string({ minLength: 1, unit: 'binary' }), { nil: undefined }),
  state: fc.constantFrom('active', 'released', 'expired', 'declined'),
  started: time,
  renewed: time,
  expires: fc.oneof(time, fc.constant(Number.POSITIVE_INFINITY)),
  relayAgent: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
});

test('leases come back from JSON as they were', () => {
  fc.assert(fc.property(fc.array(lease), (leases) => void expect(leasesFromJson(leasesToJson(leases))).toEqual(leases)));
});

test('leases come back from CSV as they were, commas, quotes and line ends included', () => {
  fc.assert(fc.property(fc.array(lease), (leases) => void expect(leasesFromCsv(leasesToCsv(leases))).toEqual(leases)));
});

test('any text is leases or an error with its code', () => {
  const read = (text: string, parse: (text: string) => Lease[]) => {
    try {
      parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(DhcpServerError);
      expect((error as DhcpServerError).code).toBe('DHCP_SERVER_LEASE_FORMAT');
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      read(text, leasesFromJson);
      read(`address,client,expires\n${text}`, leasesFromCsv);
    }),
  );
});

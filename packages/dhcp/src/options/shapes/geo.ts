import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';

interface BitField {
  readonly bits: number;
  /** Bits after the binary point. */
  readonly fraction?: number;
  readonly signed?: boolean;
}

/** Numbers packed into bits, most significant first. */
function packed<const F extends Readonly<Record<string, BitField>>>(name: string, fields: F): Shape<{ -readonly [K in keyof F]: number }> {
  const entries = Object.entries(fields);
  const size = entries.reduce((sum, [, { bits }]) => sum + bits, 0) / 8;
  return {
    name,
    min: size,
    max: size,
    read: (reader) => {
      let all = 0n;
      for (const octet of reader.octets(size)) all = (all << 8n) | BigInt(octet);
      const value: Record<string, number> = {};
      let left = size * 8;
      for (const [field, { bits, fraction = 0, signed = false }] of entries) {
        left -= bits;
        const raw = BigInt.asUintN(bits, all >> BigInt(left));
        value[field] = Number(signed ? BigInt.asIntN(bits, raw) : raw) / 2 ** fraction;
      }
      return value as { -readonly [K in keyof F]: number };
    },
    write: (writer, value) => {
      let all = 0n;
      for (const [field, { bits, fraction = 0, signed = false }] of entries) {
        const scaled = (value[field] as number) * 2 ** fraction;
        const low = signed ? -(2 ** (bits - 1)) : 0;
        const high = signed ? 2 ** (bits - 1) : 2 ** bits;
        if (!Number.isInteger(scaled) || scaled < low || scaled >= high) refuse(`${field} ${value[field]} does not fit ${bits} bits.`);
        all = (all << BigInt(bits)) | BigInt.asUintN(bits, BigInt(scaled));
      }
      for (let i = size - 1; i >= 0; i--) writer.uint(1, Number((all >> BigInt(8 * i)) & 255n));
    },
  };
}

const degrees = { bits: 34, fraction: 25, signed: true } as const;

/** Coordinates with resolutions (RFC 3825, kept by RFC 6225). Degrees; altitude in metres (type 1) or floors (type 2). */
export const coordinates = packed('coordinates', {
  latitudeResolution: { bits: 6 },
  latitude: degrees,
  longitudeResolution: { bits: 6 },
  longitude: degrees,
  altitudeType: { bits: 4 },
  altitudeResolution: { bits: 6 },
  altitude: { bits: 30, fraction: 8, signed: true },
  datum: { bits: 8 },
});

/** Coordinates with uncertainties (RFC 6225). */
export const location = packed('location', {
  latitudeUncertainty: { bits: 6 },
  latitude: degrees,
  longitudeUncertainty: { bits: 6 },
  longitude: degrees,
  altitudeType: { bits: 4 },
  altitudeUncertainty: { bits: 6 },
  altitude: { bits: 30, fraction: 8, signed: true },
  version: { bits: 2 },
  reserved: { bits: 3 },
  datum: { bits: 3 },
});

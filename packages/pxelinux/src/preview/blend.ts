/** A colour with its opacity, from 0 to 1. */
export interface Argb {
  rgb: [red: number, green: number, blue: number];
  alpha: number;
}

/** Reads `#aarrggbb`. */
export function parseArgb(text: string): Argb {
  const byte = (at: number) => Number.parseInt(text.slice(at, at + 2), 16);
  return { rgb: [byte(3), byte(5), byte(7)], alpha: byte(1) / 255 };
}

/** `#rrggbb`, without the opacity. */
export function toHex({ rgb }: Argb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** What one colour over another shows. vesamenu.c32 mixes light, not sRGB values: its pixels were compared with these. */
export function over(top: Argb, under: Argb): Argb {
  const mix = (i: 0 | 1 | 2) => toSrgb(top.alpha * toLight(top.rgb[i]) + (1 - top.alpha) * toLight(under.rgb[i]));
  return { rgb: [mix(0), mix(1), mix(2)], alpha: 1 };
}

/** The transfer function of sRGB (IEC 61966-2-1), for values from 0 to 255. */
function toLight(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function toSrgb(light: number): number {
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}

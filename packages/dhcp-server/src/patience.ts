import type { Clock } from './clock.js';

/**
 * What a function of the user's returned, or resolves to within `milliseconds`. Without a bound, promises that never settle
 * would pile up until no request is taken any more.
 */
export function patiently<T>(result: T | Promise<T>, name: string, milliseconds: number, clock: Clock): T | Promise<T> {
  if (!(result instanceof Promise)) return result;
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new Error(`${name} did not settle within ${milliseconds / 1000} s`)));
    result.finally(cancel).then(resolve, reject);
  });
}

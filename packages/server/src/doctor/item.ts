/** One thing that was looked at. */
export interface DoctorItem {
  /** Stable name, such as `port/dhcp`. */
  id: string;
  status: 'ok' | 'warn' | 'fail';
  message: string;
  /** What to do, for `warn` and `fail`. */
  fix?: string | undefined;
}

export const ok = (id: string, message: string): DoctorItem => ({ id, status: 'ok', message });
export const warn = (id: string, message: string, fix: string): DoctorItem => ({ id, status: 'warn', message, fix });
export const fail = (id: string, message: string, fix: string): DoctorItem => ({ id, status: 'fail', message, fix });

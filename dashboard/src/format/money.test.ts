import { describe, expect, it } from 'vitest';
import { exact, nano, shown, sum } from './money';

describe('money', () => {
  it('keeps every nano-dollar', () => {
    expect(nano('0.000000001')).toBe(1n);
    expect(nano('-12.5')).toBe(-12_500_000_000n);
    expect(sum(['0.1', '0.2', null])).toBe(nano('0.3'));
    expect(exact(nano('9007199254740993.000000001'))).toBe('$9,007,199,254,740,993.000000001');
  });

  it('refuses what is no amount', () => {
    for (const wrong of ['', '1e3', '.5', '1.0000000001', 'NaN', '1,000']) {
      expect(() => nano(wrong)).toThrow(RangeError);
    }
  });

  it('shows what is not zero as not zero', () => {
    expect(shown('0')).toBe('$0.00');
    expect(shown('0.000000001')).toBe('$0.000000001');
    expect(shown('0.0000123')).toBe('$0.000012');
    expect(shown('0.012345')).toBe('$0.0123');
    expect(shown('1234.567')).toBe('$1,234.57');
    expect(shown('-3.999')).toBe('-$4.00');
    expect(shown('0.99999')).toBe('$1.0000');
  });
});

import { expect, test } from 'vitest';
import { line, price, told, total, up } from './lines';

test('the lines of a bill add up to what it comes to, rounded up once', () => {
  const lines = [
    line(334, { usd: '0.59', per: '1M' }),
    line(430_464, { usd: '0.059', per: '1M' }),
    line(47, { usd: '0.79', per: 1_000_000 }),
  ];
  expect(lines.map(told)).toEqual(['$0.00019706', '$0.025397376', '$0.00003713']);
  expect(up(total(lines))).toBe(25_631_566n);
});

test('what has more places than are told is marked, and is not lost', () => {
  const third = line(1, { usd: '1.00', per: 3_000_000 });
  expect(told(third)).toBe('≈ $0.000000333333');
  expect(up(total([third, third, third]))).toBe(1_000n);
  expect(up(total([third]))).toBe(334n);
  expect(told(line(1, { usd: '0.5', per: '1M' }))).toBe('$0.0000005');
  expect(told(line(1, { usd: '0.0005', per: '1M' }))).toBe('$0.0000000005');
});

test('a price is told with what it is for', () => {
  expect(price({ usd: '0.59', per: '1M' })).toBe('$0.59/1M');
  expect(price({ usd: '0.04' })).toBe('$0.04');
});

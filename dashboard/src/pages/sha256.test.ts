import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digest } from './sha256';

test('the digest by hand is the one of the platform, at every length of two blocks', () => {
  for (let length = 0; length < 150; length++) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255);
    expect(Buffer.from(digest(message)).toString('hex')).toBe(
      createHash('sha256').update(message).digest('hex'),
    );
  }
});

import { expect, it } from 'vitest';
import { webUrl } from './web-url';

it('takes absolute http and https addresses', () => {
  expect(webUrl('http://127.0.0.1:8233')).toBe('http://127.0.0.1:8233/');
  expect(webUrl('https://temporal.example/ui')).toBe('https://temporal.example/ui');
});

it('refuses scripts, relative addresses and nonsense', () => {
  expect(webUrl('javascript:alert(1)')).toBeNull();
  expect(webUrl('/temporal')).toBeNull();
  expect(webUrl('')).toBeNull();
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync('src/features/health/health.css', 'utf8');

test('every rule of the health page stays on the health page', () => {
  const rules = css.replace(/\/\*.*?\*\//gs, '').matchAll(/([^{}]+)\{/g);
  const selectors = [...rules].flatMap(([, list = '']) => list.split(',').map((one) => one.trim()));
  expect(selectors.length).toBeGreaterThan(20);
  expect(selectors.filter((selector) => !/^\.health\b/.test(selector))).toEqual([]);
});

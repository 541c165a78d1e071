import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { type AskedRows, Loaded } from './loaded';

const asked = (changes: Partial<AskedRows<string>>) =>
  ({
    data: undefined,
    error: null,
    isFetching: false,
    refetch: vi.fn(),
    ...changes,
  }) as AskedRows<string>;

function show(given: AskedRows<string>) {
  const { container } = render(
    <Loaded asked={given} none="Fills: none.">
      {(rows) => rows.join(' ')}
    </Loaded>,
  );
  return container.textContent;
}

test.each([
  [{ isFetching: true }, 'Loading…'],
  [{ data: [] }, 'Fills: none.'],
  [{ data: ['a', 'b'] }, 'a b'],
  [{ error: new Error('Gone.') }, 'Gone. Retry'],
  [{ error: new Error('Gone.'), data: [] }, 'Gone. Retry'],
  [{ error: new Error('Gone.'), data: ['a'] }, 'Gone. Retrya'],
])('%j is told as %j', (changes, text) => {
  expect(show(asked(changes))).toBe(text);
});

test('what failed can be asked again', () => {
  const given = asked({ error: new Error('Gone.') });
  show(given);
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(given.refetch).toHaveBeenCalledOnce();
});

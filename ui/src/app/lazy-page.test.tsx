import { fireEvent, render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { Boundary } from './boundary';
import { lazyPage } from './lazy-page';

afterEach(() => vi.restoreAllMocks());

function Fine({ name }: { name: string }) {
  return <p>This is {name}.</p>;
}

function show(load: () => Promise<typeof Fine>, reload = vi.fn()) {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React tells what was caught
  const Page = lazyPage(load);
  render(
    <Boundary reload={reload}>
      <Suspense fallback="Loading…">
        <Page name="the page" />
      </Suspense>
    </Boundary>,
  );
  return reload;
}

test('a page that could not be loaded is loaded when one tries again', async () => {
  const load = vi
    .fn<() => Promise<typeof Fine>>()
    .mockRejectedValueOnce(new Error('Failed to fetch the module'))
    .mockResolvedValue(Fine);
  show(load);
  expect((await screen.findByRole('alert')).textContent).toContain('Failed to fetch the module');
  expect(load).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('This is the page.')).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(2);
});

test('where it fails again it says so again, and the whole page can be loaded anew', async () => {
  const reload = show(() => Promise.reject(new Error('gone')));
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect((await screen.findByRole('alert')).textContent).toContain('gone');
  fireEvent.click(screen.getByRole('button', { name: 'Reload the page' }));
  expect(reload).toHaveBeenCalledOnce();
});

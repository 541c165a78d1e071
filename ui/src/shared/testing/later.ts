/** An answer that a test gives when it wants to. */

import { act } from '@testing-library/react';

export function later<Body>() {
  let resolve: (body: Body) => void = () => undefined;
  const promise = new Promise<Body>((answered) => {
    resolve = answered;
  });
  return { promise, answer: (body: Body) => act(async () => resolve(body)) };
}

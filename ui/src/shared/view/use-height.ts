/** How high something is drawn: whatever the size of the letters, and what it has to say. */

import { useCallback, useState } from 'react';

/** The height, and what to give the element as its `ref`. `estimatePx` until it is measured. */
export function useHeight(estimatePx: number) {
  const [px, setPx] = useState(estimatePx);
  const measure = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const { height } = element.getBoundingClientRect();
      if (height > 0) setPx(height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [px, measure] as const;
}

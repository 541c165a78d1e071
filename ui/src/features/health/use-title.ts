/** The document's title while a component is shown; afterwards the one from before. */

import { useEffect, useRef } from 'react';

export function useTitle(title: string): void {
  const before = useRef(document.title);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const restored = before.current;
    return () => {
      document.title = restored;
    };
  }, []);
}

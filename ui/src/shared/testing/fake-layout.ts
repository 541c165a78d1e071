/** Heights for tests of what draws only what one sees: happy-dom lays out nothing. */

import { fireEvent } from '@testing-library/react';
import { vi } from 'vitest';

export const PANEL_PX = 260;
export const ROW_PX = 26;

/** What an open row tells. */
export const MORE_PX = 90;

/** A panel of the height of ten rows; `scrollTo` scrolls it. Until `vi.restoreAllMocks`. */
export function fakeLayout() {
  const px = (element: Element): number => {
    if (element.className === 'panel-body') return PANEL_PX;
    if (!(element instanceof HTMLElement)) return 0;
    if (element.className === 'more') return MORE_PX;
    if (element.tagName === 'TR') return Number.parseFloat(element.style.height) || ROW_PX;
    return [...element.querySelectorAll('tbody tr')].reduce((sum, row) => sum + px(row), 0);
  };
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(function (
    this: HTMLElement,
  ) {
    return px(this);
  });
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const top = this.className === 'panel-body' ? 0 : -panel().scrollTop;
    return { top, height: px(this) } as DOMRect;
  });
  vi.stubGlobal('ResizeObserver', MeasuresAtOnce);
}

class MeasuresAtOnce {
  private readonly tell: () => void;

  constructor(tell: (entries: []) => void) {
    this.tell = () => tell([]);
  }

  observe(): void {
    this.tell();
  }

  unobserve(): void {}

  disconnect(): void {}
}

export function panel(): Element {
  const found = document.querySelector('.panel-body');
  if (!found) throw new Error('no panel');
  return found;
}

export function scrollTo(top: number): void {
  panel().scrollTop = top;
  fireEvent.scroll(panel());
}

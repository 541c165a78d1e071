/** For every test of components. */

import { configure } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach } from 'vitest';

// A busy machine takes longer than Testing Library's one second.
configure({ asyncUtilTimeout: 10_000 });

// sonner keeps its toasts outside React, and tells the next test's Toaster those of this one.
afterEach(() => {
  toast.dismiss();
});

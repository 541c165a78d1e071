/** For every test: a busy machine takes longer than Testing Library's one second. */

import { configure } from '@testing-library/react';

configure({ asyncUtilTimeout: 10_000 });

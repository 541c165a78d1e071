import { expect, test } from 'vitest';
import { workflowUrl } from './workflow-url';

test('ops are led to the workflow by its search attribute', () => {
  expect(workflowUrl('http://127.0.0.1:8233', 7)).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows?query=OrderId+%3D+%227%22',
  );
});

test.each([null, 'javascript:alert(1)'])('%s is no place to be led to', (ui) => {
  expect(workflowUrl(ui, 7)).toBeNull();
});

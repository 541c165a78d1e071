import { expect, test } from 'vitest';
import { workflowUrl } from './workflow-url';

test('ops are led to the workflow by its id', () => {
  expect(workflowUrl('http://127.0.0.1:8233', 'order-list:7:a/b')).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows?query=WorkflowId+%3D+%22order-list%3A7%3Aa%2Fb%22',
  );
});

test.each([null, 'javascript:alert(1)'])('%s is no place to be led to', (ui) => {
  expect(workflowUrl(ui, 'order:7:a')).toBeNull();
});

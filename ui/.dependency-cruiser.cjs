/** The layers of the page: app → features → shared, and no feature knows another. */
module.exports = {
  forbidden: [
    {
      name: 'features-are-independent',
      comment: 'What two features need belongs in shared/; what joins them belongs in app/.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'features-do-not-know-the-app',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/app/' },
    },
    {
      name: 'shared-knows-nobody',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(app|features)/' },
    },
    {
      name: 'calculation-is-pure',
      comment:
        'A plain .ts file that is neither transport nor a hook runs without React, the query client or a socket.',
      severity: 'error',
      from: {
        path: '^src/(features|shared)/.*[.]ts$',
        pathNot:
          '/(get|use|send)-[^/]+[.]ts$|-(connection|store)[.]ts$|[.]test[.]ts$|^src/shared/testing/',
      },
      to: { path: 'node_modules/|[.]tsx$', pathNot: 'node_modules/big[.]js/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '[.]css$' },
      to: {},
    },
    {
      name: 'no-development-packages-in-the-page',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]tsx?$|^src/shared/testing/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-a-test',
      severity: 'error',
      from: {},
      to: { path: '[.]test[.]tsx?$' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]tsx?$|^src/shared/testing/' },
      to: { path: '^src/shared/testing/' },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

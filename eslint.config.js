// What ESLint looks for in the front's modules and their tests. Layout is nobody's business here.

import js from '@eslint/js';
import compat from 'eslint-plugin-compat';
import es from 'eslint-plugin-es-x';
import globals from 'globals';

const careful = {
  ...js.configs.recommended.rules,
  'array-callback-return': 'error',
  'block-scoped-var': 'error',
  curly: ['error', 'multi-line'],
  eqeqeq: 'error',
  'max-lines': ['error', 200],
  'max-lines-per-function': ['error', 40],
  'no-alert': 'error',
  'no-console': 'error',
  'no-else-return': 'error',
  'no-eval': 'error',
  'no-implicit-coercion': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-param-reassign': 'error',
  'no-promise-executor-return': 'off', // `new Promise((resume) => setTimeout(resume, …))` reads well
  'no-restricted-properties': [
    'error',
    { object: 'document', property: 'cookie', message: "Cookies are the API's business." },
    { property: 'innerHTML', message: 'Build elements: nothing here writes HTML.' },
  ],
  'no-restricted-globals': ['error', { name: 'localStorage', message: 'Nothing outlives the tab: memory.js.' }],
  'no-self-compare': 'error',
  'no-shadow': 'error',
  'no-unused-vars': ['error', { args: 'all', argsIgnorePattern: '^_' }],
  'no-use-before-define': ['error', { functions: false, classes: true, variables: false }],
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-arrow-callback': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  'require-atomic-updates': 'off', // one thread, and forms are sent one at a time
};

// What browsers of package.json's `browserslist` run: no build step lowers anything. Safari 15.0 has what ES2021 has, but
// for the lookbehind of regular expressions, and of what came later modules that await.
// By name no linter tells an iterator's `map` from an array's: nothing here has iterators of its own.
const es2021 = Object.entries(es.configs['flat/restrict-to-es2021'].rules).filter(
  ([name]) => !name.startsWith('es-x/no-iterator-prototype-'),
);
const served = {
  plugins: { compat, 'es-x': es },
  settings: { lintAllEsApis: true, 'es-x': { aggressive: true } },
  rules: {
    ...Object.fromEntries(es2021),
    'es-x/no-regexp-lookbehind-assertions': 'error',
    'es-x/no-top-level-await': 'off',
    'compat/compat': 'error',
    'no-restricted-properties': [
      ...careful['no-restricted-properties'],
      { object: 'AbortSignal', property: 'timeout', message: 'Safari 16: an AbortController and a timer.' },
    ],
  },
};

const oneRun = { linterOptions: { reportUnusedDisableDirectives: 'error' } };

export default [
  { ignores: ['.build/', '.venv/', 'cdk.out/'] },
  { ...oneRun, files: ['web/assets/*.js', 'local/gallery/*.js'], languageOptions: { globals: globals.browser }, rules: careful },
  { files: ['web/assets/*.js'], ...served },
  // The one cookie that a script writes and reads: its own probe.
  { files: ['web/assets/cookies.js'], rules: { 'no-restricted-properties': 'off' } },
  {
    ...oneRun,
    files: ['tests/web/modules/*.js', 'tests/web/*.js', '*.js'],
    languageOptions: { globals: globals.node },
    rules: { ...careful, 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
];

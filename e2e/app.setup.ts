/** Builds the web app where it is missing or old: before the tests, so that no two workers do it at once. */
import { test } from '@playwright/test'
import { buildWebApp } from '../cli/dev/web-build.ts'
import { PROJECT_ROOT } from '../cli/environment.ts'

test('the web app is built', () =>
  buildWebApp(PROJECT_ROOT, { signal: new AbortController().signal, say: console.log }))

// Makes sure of what `npm start` and `npm test` need: the packages of package-lock.json and, with --browser, a Chromium
// and a Firefox.
// Plain JavaScript: it runs before anything is installed, on Node 20 too.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const binaries = path.join(root, 'node_modules', '.bin')

/** Without the project's own Node, which is replaced while npm installs. */
const outsidePath = (process.env.PATH ?? '')
  .split(path.delimiter)
  .filter((entry) => path.resolve(entry) !== binaries)
  .join(path.delimiter)

function modifiedMs(file) {
  return existsSync(file) ? statSync(file).mtimeMs : null
}

/** npm writes its own copy of the lock into node_modules when it has finished: older than the lock means out of date. */
function packagesAreCurrent() {
  const installed = modifiedMs(path.join(root, 'node_modules', '.package-lock.json'))
  const locked = modifiedMs(path.join(root, 'package-lock.json'))
  return (
    installed !== null && existsSync(path.join(binaries, 'node')) && (locked === null || installed >= locked)
  )
}

function run(command, args, env = process.env) {
  const startedMs = Date.now()
  const result = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? result.error.message : ''}`,
    seconds: Math.round((Date.now() - startedMs) / 1000),
  }
}

function fail(what, output) {
  console.error(output)
  console.error(`install: ${what} failed; the lines above say why`)
  process.exit(1)
}

function installPackages() {
  if (packagesAreCurrent()) return
  console.log('install: packages (npm ci), about a minute …')
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const env = { ...process.env, PATH: outsidePath }
  let result = run('npm', ['ci', ...quiet], env)
  if (!result.ok && result.output.includes('from lock file')) {
    // A registry that lacks packages for other platforms leaves them out of the lock, which npm ci takes for an error.
    console.log('install: the lock does not list every platform; npm install with the versions that it has …')
    result = run('npm', ['install', '--no-save', ...quiet], env)
  }
  if (!result.ok) fail('npm', result.output)
  if (!packagesAreCurrent())
    fail('npm', `${result.output}\nnode_modules is still older than package-lock.json`)
  console.log(`install: packages are here (${result.seconds} s)`)
}

const USUAL_CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** As e2e/browser.ts looks for it. */
const SHELL = '/usr/bin/chromium-headless-shell'
const SHELL_PACKAGE = 'chromium-headless-shell'

/** As e2e/firefox/firefox.ts looks for it. */
const USUAL_FIREFOX = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** The browser that the variable names, which must be there, or else the first of the usual ones that is. */
function findInstalled(variable, usual) {
  const named = process.env[variable]
  if (named && !existsSync(named)) fail(variable, `there is no ${named}`)
  return named || usual.find((file) => existsSync(file)) || null
}

async function findChromium() {
  const installed = findInstalled('CHROMIUM_PATH', USUAL_CHROMIUM)
  if (installed) return installed
  const { chromium } = await import('@playwright/test')
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null
}

const findFirefox = () => findInstalled('FIREFOX_PATH', USUAL_FIREFOX)

/** Playwright's own build, else Debian's. */
async function installChromium() {
  if (await findChromium()) return
  console.log('install: a Chromium for the tests (Playwright) …')
  const playwright = run(process.execPath, [
    path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
    'install',
    'chromium',
  ])
  if (playwright.ok && (await findChromium()))
    return console.log(`install: Chromium is here (${playwright.seconds} s)`)
  await installFromDebian('Chromium', 'chromium', 'CHROMIUM_PATH', findChromium, playwright.output)
}

/** Beside Debian's Chromium: the same engine without windows, in which most tests take half the time. They do without it, too. */
function installShell() {
  const isDebian = findInstalled('CHROMIUM_PATH', USUAL_CHROMIUM) === '/usr/bin/chromium'
  if (!isDebian || existsSync(SHELL) || process.getuid?.() !== 0) return
  console.log('install: a Chromium without windows for the tests (apt-get) …')
  const { ok, seconds } = installDebianPackage(SHELL_PACKAGE)
  console.log(`install: ${ok ? 'it is here' : 'there is none, and the tests do without it'} (${seconds} s)`)
}

/** Debian's: the tests drive a Firefox as people have it, which Playwright's build is not. */
async function installFirefox() {
  if (findFirefox()) return
  await installFromDebian('Firefox', 'firefox-esr', 'FIREFOX_PATH', findFirefox, 'There is no Firefox here.')
}

async function installFromDebian(name, debianPackage, variable, find, sofar) {
  if (process.getuid?.() !== 0) fail(name, `${sofar}\nInstall ${name}, or name one in ${variable}.`)
  console.log(`install: a ${name} for the tests (apt-get) …`)
  const debian = installDebianPackage(debianPackage)
  if (!debian.ok || !(await find()))
    fail(name, `${sofar}\n${debian.output}\nInstall ${name}, or name one in ${variable}.`)
  console.log(`install: ${name} is here (${debian.seconds} s)`)
}

function installDebianPackage(name) {
  run('apt-get', ['update', '-qq'])
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
  })
}

installPackages()
if (process.argv.includes('--browser')) {
  await installChromium()
  installShell()
  await installFirefox()
}

/**
 * Runs a command in a private network namespace: `node e2e/netns.ts playwright test …`. WebRTC then uses one address
 * that exists nowhere else, and nothing leaves the machine. Where namespaces are not allowed, it runs without one.
 */
import { spawn, spawnSync } from 'node:child_process'

/** Both ends of the pair stay inside. Chromium gathers addresses only where a default route exists. */
const SETUP = [
  'ip link set lo up',
  'ip link add eth0 type veth peer name eth0p',
  'ip addr add 10.99.0.1/24 dev eth0',
  'ip link set eth0p up',
  'ip link set eth0 up',
  'ip route add default via 10.99.0.2 dev eth0',
].join(' && ')

const unshareFlags = process.getuid?.() === 0 ? ['-n'] : ['-rn']

/** The command and arguments that run `command` in a new namespace, or `command` itself where that does not work. */
export function inNamespace(command: readonly string[]): readonly string[] {
  const works = spawnSync('unshare', [...unshareFlags, 'sh', '-c', SETUP], { stdio: 'ignore' }).status === 0
  if (!works) {
    console.warn('no private network namespace here: running in the open one')
    return command
  }
  return ['unshare', ...unshareFlags, 'sh', '-c', `${SETUP}; exec "$@"`, 'sh', ...command]
}

if (import.meta.main) {
  const [program, ...args] = inNamespace(process.argv.slice(2))
  const child = spawn(program!, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

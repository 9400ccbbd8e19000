import { describe, expect, it } from 'vitest'
import { readFlags } from './flags.ts'

const THIS_FILE = import.meta.filename

describe('the flags of a relay', () => {
  it('are read', () => {
    const line =
      '--port 4174 --announce /dns4/relay.example/tcp/443/wss --origin https://aitbc.example --trusted-proxy 10.0.0.1 --grace 5'
    expect(readFlags(line.split(' '))).toMatchObject({
      ok: true,
      graceMs: 5,
      options: {
        host: '127.0.0.1',
        port: 4174,
        announce: ['/dns4/relay.example/tcp/443/wss'],
        allowedOrigins: ['https://aitbc.example'],
        trustedProxy: '10.0.0.1',
      },
    })
  })

  it.each([
    ['', '--port is missing'],
    ['--port', '--port'],
    ['--port=', '--port is ""'],
    ['--port 70000', '--port is "70000"; right would be a whole number from 0 to 65535'],
    ['--port 0x10', '--port is "0x10"'],
    ['--port -1', '--port'],
    ['--port 1.5', '--port is "1.5"'],
    ['--prot 1', '--prot'],
    ['--port 1 extra', 'extra'],
    ['--port 1 --grace soon', '--grace is "soon"; right would be ms'],
    ['--port 1 --grace 999999999', '--grace is "999999999"'],
    ['--port 1 --trusted-proxy proxy', '--trusted-proxy is "proxy"; right would be an IP address'],
    ['--port 1 --announce relay.example', '--announce is "relay.example"; right would be a multiaddr'],
    ['--port 1 --announce /dns4', '--announce is "/dns4"'],
    ['--port 1 --origin aitbc.example', '--origin is "aitbc.example"; right would be an origin'],
    ['--port 1 --origin https://aitbc.example/path', '--origin is "https://aitbc.example/path"'],
    ['--port 1 --host=', '--host is ""'],
    ['--port 1 --web /nowhere/dist', '--web is "/nowhere/dist"; right would be a directory that is there'],
    [`--port 1 --web ${THIS_FILE}`, `--web is "${THIS_FILE}"`],
    ['--port 1 --network /nowhere/n', '--network is "/nowhere/n"; right would be a file that is there'],
    [`--port 1 --network ${import.meta.dirname}`, `--network is "${import.meta.dirname}"`],
  ])('%s is refused in words', (line, words) => {
    const read = readFlags(line === '' ? [] : line.split(' '))
    expect(read.ok).toBe(false)
    if (!read.ok) expect(read.complaint).toContain(words)
  })
})

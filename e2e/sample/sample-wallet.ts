/** WalletApi of the sample: keys are only names and addresses, nothing is signed. */
import type {
  AccountKeyView,
  WalletApi,
  WalletMethod,
  WalletMethods,
} from '../../node-core/node/wallet-api.ts'
import { addressOf, hexOf, SELF, SELF_ADDRESS } from './people.ts'
import type { SampleOptions } from './sample-options.ts'

type Answers = {
  readonly [M in WalletMethod]: (params: WalletMethods[M]['params']) => WalletMethods[M]['result']
}

/** `passkey` in the query of the address: the account in use has one for its key. */
export function createSampleWallet({ newcomer }: SampleOptions): WalletApi {
  const own: AccountKeyView = {
    address: SELF_ADDRESS,
    name: SELF,
    createdAtMs: Date.now() - 86_400_000,
    sealed: false,
    backedUpAtMs: null,
    active: true,
    passkey: new URLSearchParams(location.search).has('passkey'),
  }
  const accounts: AccountKeyView[] = newcomer ? [] : [own]
  let offers = 0
  const add = (address: string, name: string, passkey = false): AccountKeyView => {
    const key = { ...own, address, name, passkey, active: false, createdAtMs: Date.now() }
    accounts.push(key)
    return key
  }
  const answers: Answers = {
    wallet_accounts: () => [...accounts],
    wallet_create: ({ name }) => add(addressOf(`created ${name}`), name),
    wallet_offer: ({ count }) => {
      const round = offers++
      return Array.from({ length: count }, (_, index) => ({
        choice: `${round}/${index}`,
        address: addressOf(`offer ${round} ${index}`),
      }))
    },
    wallet_choose: ({ choice, name }) => {
      const [round, index] = choice.split('/')
      return add(addressOf(`offer ${round} ${index}`), name)
    },
    wallet_activate: ({ address }) => accounts.find((key) => key.address === address) ?? own,
    wallet_backup: () => ({ fileName: 'aitbc-backup.json', text: '{"sample":true}' }),
    wallet_rehearse: ({ password }) => {
      if (password.length < 12) throw { code: 'wrong-password', data: {} }
      return { address: SELF_ADDRESS }
    },
    wallet_restore: ({ name }) => add(addressOf('restored'), name),
    wallet_review: ({ request }) => ({
      payload: { ...request },
      gas: 21_000,
      fee: '2478000',
      feeMax: '4410000',
      balanceAfter: '1204495590000',
    }),
    wallet_submit: () => ({ hash: hexOf(32, 'sent', Date.now()) }),
    wallet_passkey_create: ({ name }) => add(addressOf(`passkey ${name}`), name, true),
    wallet_passkey_keep: ({ name }) => add(addressOf(`passkey ${name}`), name, true),
    wallet_passkey_restore: ({ name }) => add(addressOf(`passkey ${name}`), name, true),
    wallet_passkey_recover: ({ name }) => add(addressOf(`passkey ${name}`), name, true),
    wallet_passkey_begin: () => null,
    wallet_passkey_finish: () => ({ hash: hexOf(32, 'sent', Date.now()) }),
    mesh_dial: () => ({ peer: '12D3KooWsample' }),
    mesh_block: () => ({}),
    mesh_dropRelay: () => ({}),
    signing_export: () => ({ fileName: 'aitbc-signing-sample.json', text: '{}' }),
    signing_resume: () => ({}),
    signing_import: () => ({ position: null, changed: false, signsFromHeight: 1 }),
    node_mode: () => ({}),
    node_persist: () => ({ persistent: true }),
  }
  return {
    async call(method, params) {
      return answers[method](params)
    },
  }
}

/** The OpenRPC 1.3 document, written from the method table; served at rpc.discover and kept in docs/api. */
import { EXAMPLES } from './examples.ts'
import { isNodeMethod, METHODS, type MethodSpec, SOCKET_METHODS } from './methods.ts'
import { SCHEMAS } from './result-schemas.ts'

/** JSON, with the same bytes every time. `version`: of the API, as in package.json. */
export function openRpcDocument(version: string): Readonly<Record<string, unknown>> {
  return {
    openrpc: '1.3.2',
    info: {
      title: 'AITBC mesh node',
      version,
      description:
        'One node of the mesh. POST /rpc takes one request or a batch; /ws takes the same requests plus subscribe and unsubscribe. ' +
        'Amounts are decimal strings of base units (1 AIT = 1,000,000,000), hashes 0x-hex, addresses ait1…, times ms since the Unix epoch. ' +
        'No key lives behind it: the caller signs. A refusal is error −32000 with its code in error.data.code.',
      license: { name: 'MIT' },
    },
    servers: [
      { name: 'http', url: 'http://127.0.0.1:4183/rpc' },
      { name: 'websocket', url: 'ws://127.0.0.1:4183/ws' },
    ],
    methods: [...Object.entries<MethodSpec>(METHODS), ...Object.entries<MethodSpec>(SOCKET_METHODS)].map(
      ([name, spec]) => methodObject(name, spec),
    ),
    components: { schemas: SCHEMAS },
  }
}

function methodObject(name: string, spec: MethodSpec): Readonly<Record<string, unknown>> {
  return {
    name,
    summary: spec.summary,
    paramStructure: 'either',
    params: spec.params.map((param) => ({
      name: param.name,
      required: param.required,
      schema: param.schema,
    })),
    result: { name: 'result', schema: spec.result },
    errors: [{ code: -32000, message: 'refused; data.code says why' }],
    examples: [
      isNodeMethod(name)
        ? exampleOf(name)
        : {
            name: 'heads',
            params: [{ name: 'topic', value: 'heads' }],
            result: { name: 'result', value: { topic: 'heads' } },
          },
    ],
  }
}

function exampleOf(name: keyof typeof EXAMPLES): Readonly<Record<string, unknown>> {
  const { params, result } = EXAMPLES[name]
  return {
    name,
    params: Object.entries(params).map(([param, value]) => ({ name: param, value })),
    result: { name: 'result', value: result },
  }
}

/**
 * Lengths of functions, from braces alone (TypeScript 7 has no compiler API to ask). A block counts as a function when what
 * stands before its brace ends like one: `=>`, or a parameter list with or without a return type, and no control word.
 */
import { lineAt, type SourceFile } from './source-files.ts'

const CONTROL = /\b(?:if|for|while|switch|catch|with)\s*(?:await\s*)?\($/
const RETURN_TYPE_LENGTH = 200

export interface FunctionSpan {
  readonly line: number
  readonly lines: number
}

export function functionSpans(code: string): FunctionSpan[] {
  const open: { readonly offset: number; readonly isFunction: boolean }[] = []
  const spans: FunctionSpan[] = []
  for (let i = 0; i < code.length; i++) {
    if (code[i] === '{') open.push({ offset: i, isFunction: opensFunction(code, i) })
    if (code[i] !== '}') continue
    const start = open.pop()
    if (start?.isFunction)
      spans.push({
        line: lineAt(code, start.offset),
        lines: lineAt(code, i) - lineAt(code, start.offset) + 1,
      })
  }
  return spans
}

function opensFunction(code: string, brace: number): boolean {
  const before = code.slice(Math.max(0, brace - RETURN_TYPE_LENGTH), brace).trimEnd()
  if (before.endsWith('=>')) return true
  const close = before.endsWith(')') ? before.length - 1 : before.search(/\)\s*:[^;={}()]*$/)
  if (close < 0) return false
  const parameters = openingParenthesis(code, Math.max(0, brace - RETURN_TYPE_LENGTH) + close)
  return parameters >= 0 && !CONTROL.test(code.slice(Math.max(0, parameters - 20), parameters + 1))
}

function openingParenthesis(code: string, close: number): number {
  let depth = 0
  for (let i = close; i >= 0; i--) {
    if (code[i] === ')') depth += 1
    if (code[i] === '(') depth -= 1
    if (depth === 0) return i
  }
  return -1
}

export function functionComplaints(file: SourceFile, maxLines: number): string[] {
  if (file.isTest) return []
  return functionSpans(file.code)
    .filter((span) => span.lines > maxLines)
    .map((span) => `${file.path}:${span.line} a function of ${span.lines} lines; at most ${maxLines}`)
}

import {
  type AbiParameter,
  type DecodeAbiParametersReturnType,
  type Hex,
  decodeAbiParameters,
} from 'viem'

/** Returns what is encoded, or nothing where the bytes are not of that shape. */
export function decodeOrNothing<const T extends readonly AbiParameter[]>(
  parameters: T,
  data: Hex,
): DecodeAbiParametersReturnType<T> | undefined {
  try {
    return decodeAbiParameters(parameters, data)
  } catch {
    return undefined
  }
}

/** `fetch` whose answers end with an error after `maxBytes`: a broken model server cannot fill the memory. */
export function limitedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init)
    if (!answer.body) return answer
    let size = 0
    const limited = answer.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          size += chunk.byteLength
          if (size > maxBytes) controller.error(new Error(`the answer is larger than ${maxBytes} bytes: stream ended`))
          else controller.enqueue(chunk)
        },
      }),
    )
    return new Response(limited, { status: answer.status, statusText: answer.statusText, headers: answer.headers })
  }
}

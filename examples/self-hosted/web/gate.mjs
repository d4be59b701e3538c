// The gate from a browser (or from Node 20): chat as a stream, speech, transcription. No packages.

export class GateError extends Error {
  constructor(status, message, retryAfter) {
    super(message)
    this.status = status // 0: in the middle of a stream
    this.retryAfter = retryAfter // seconds, or null
  }
}

export class Gate {
  /** @param url '' for the address the page came from */
  constructor(url, key) {
    this.url = url
    this.key = key
  }

  async ask(path, body, signal, type) {
    const headers = { authorization: `Bearer ${this.key}`, ...(type && { 'content-type': type }) }
    const answer = await fetch(this.url + path, { method: body ? 'POST' : 'GET', headers, body, signal })
    if (answer.ok) return answer
    // Ollama's paths say {"error": "text"}, all others {"error": {"message": "text"}}.
    const text = await answer.text()
    let said = text
    try {
      const { error } = JSON.parse(text)
      said = error?.message ?? error ?? text
    } catch {
      // A page of something in between; its text will do.
    }
    const wait = answer.headers.get('retry-after')
    throw new GateError(answer.status, said || `status ${answer.status}`, wait && Number(wait))
  }

  async models() {
    return (await (await this.ask('/chat/api/tags')).json()).models.map((each) => each.name)
  }

  /** Yields the answer's text as it comes. Aborting frees the GPU. */
  async *chat(model, messages, signal) {
    const answer = await this.ask('/chat/api/chat', JSON.stringify({ model, messages }), signal, 'application/json')
    let rest = ''
    for await (const part of texts(answer.body)) {
      const lines = (rest + part).split('\n')
      rest = lines.pop()
      for (const line of lines.filter((each) => each.trim())) {
        const { error, message } = JSON.parse(line)
        if (error) throw new GateError(0, error)
        if (message?.content) yield message.content
      }
    }
    if (rest.trim()) throw new GateError(0, 'the answer ended in the middle of a line')
  }

  /** A WAV. */
  async speak(input, voice = 'alloy', signal) {
    const body = JSON.stringify({ input, voice, response_format: 'wav' })
    return (await this.ask('/tts/api/v1/audio/speech', body, signal, 'application/json')).blob()
  }

  /** @param recording what MediaRecorder made, or any file */
  async transcribe(recording, name, model, signal) {
    const form = new FormData()
    form.append('model', model) // before the file: the gate lets the rest stream behind it
    form.append('file', recording, name)
    return (await (await this.ask('/whisper/api/v1/audio/transcriptions', form, signal)).json()).text
  }
}

// Not every browser can iterate a stream; every one has its reader.
async function* texts(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

import { Gate } from './gate.mjs'

const the = (id) => document.getElementById(id)
const messages = []
let gate
let running

// Until the tab is closed: a key in localStorage would be every later script's.
the('key').value = sessionStorage.getItem('key') ?? ''

function attempt(work) {
  return async (event) => {
    event?.preventDefault()
    the('said').textContent = ''
    try {
      await work()
    } catch (error) {
      if (error.name === 'AbortError') return
      const wait = error.retryAfter ? ` Again in ${error.retryAfter} s.` : ''
      the('said').textContent = `${error.status ? error.status + ': ' : ''}${error.message}${wait}`
    }
  }
}

function line(who) {
  const name = document.createElement('b')
  const text = document.createElement('span')
  name.textContent = who
  the('talk').append(name, text)
  return text
}

the('door').onsubmit = attempt(async () => {
  gate = new Gate('', the('key').value.trim())
  const models = await gate.models()
  sessionStorage.setItem('key', gate.key)
  the('model').replaceChildren(...models.map((each) => new Option(each)))
})

the('question').onsubmit = attempt(async () => {
  if (!gate) throw new Error('Enter a key first.')
  const content = the('text').value
  the('text').value = ''
  line('You').textContent = content
  messages.push({ role: 'user', content })
  const shown = line(the('model').value)
  running = new AbortController()
  the('stop').disabled = false
  try {
    for await (const part of gate.chat(the('model').value, messages, running.signal)) shown.textContent += part
  } finally {
    the('stop').disabled = true
    // What was said before it broke off stays said; a question without an answer is taken back.
    if (shown.textContent) messages.push({ role: 'assistant', content: shown.textContent })
    else messages.pop()
  }
  const wav = await gate.speak(shown.textContent.slice(0, 4096))
  URL.revokeObjectURL(the('voice').src)
  the('voice').src = URL.createObjectURL(wav)
  await the('voice').play()
})

the('stop').onclick = () => running?.abort()

let recorder
the('record').onclick = attempt(async () => {
  if (!gate) throw new Error('Enter a key first.')
  if (recorder) return recorder.stop()
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const parts = []
  recorder = new MediaRecorder(stream)
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.onstop = attempt(async () => {
    const { mimeType } = recorder
    recorder = undefined
    the('record').textContent = 'Speak'
    for (const track of stream.getTracks()) track.stop()
    const name = mimeType.includes('mp4') ? 'speech.mp4' : mimeType.includes('ogg') ? 'speech.ogg' : 'speech.webm'
    the('text').value = await gate.transcribe(new Blob(parts, { type: mimeType }), name, the('whisper').value)
  })
  recorder.start()
  the('record').textContent = 'Done'
})

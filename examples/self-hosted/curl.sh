#!/usr/bin/env bash
# Chat, speech and transcription through the gate with curl alone.
#
#   GATE=https://gate.localhost GATE_KEY=gw_live_… ./curl.sh [FOLDER]
#
# CURL_CA_BUNDLE names Caddy's root where the certificate is of its private CA. Needs a model in Ollama and one in speaches:
# CHAT_MODEL and WHISPER_MODEL say which.
set -euo pipefail
gate=${GATE:-https://gate.localhost}
folder=${1:-.}
chat_model=${CHAT_MODEL:-llama3.2}
whisper_model=${WHISPER_MODEL:-Systran/faster-whisper-small}

# The key goes in by a file descriptor: on the command line `ps` would show it.
ask() { curl --silent --show-error --fail-with-body --config <(printf 'header = "Authorization: Bearer %s"\n' "${GATE_KEY:?}") "$@"; }

echo "# What this key may do"
ask "$gate/status"
echo

echo "# Chat, line by line as the model speaks (-N: curl keeps nothing back)"
ask -N "$gate/chat/api/chat" -H 'Content-Type: application/json' \
  -d '{"model":"'"$chat_model"'","messages":[{"role":"user","content":"Say hello."}]}'

echo "# The same in OpenAI's form"
ask -N "$gate/chat/api/v1/chat/completions" -H 'Content-Type: application/json' \
  -d '{"model":"'"$chat_model"'","stream":true,"messages":[{"role":"user","content":"Say hello."}]}'

echo "# Speech"
ask "$gate/tts/api/v1/audio/speech" -H 'Content-Type: application/json' \
  -d '{"input":"Hello from behind the gate.","voice":"alloy","response_format":"wav"}' -o "$folder/hello.wav"
ls -l "$folder/hello.wav"

echo "# Transcription of what was just spoken"
ask "$gate/whisper/api/v1/audio/transcriptions" -F "model=$whisper_model" -F "file=@$folder/hello.wav;type=audio/wav"
echo

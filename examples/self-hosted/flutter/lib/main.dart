// Chat as a stream, speech and transcription through the gate.
//
//   flutter create --platforms android,ios,linux,macos . && flutter pub get
//   flutter run --dart-define=GATE=https://gate.example
//
// Microphone: Android wants RECORD_AUDIO in its manifest, iOS and macOS want NSMicrophoneUsageDescription in Info.plist.
import 'dart:convert';
import 'dart:io';

import 'package:audioplayers/audioplayers.dart';
import 'package:flutter/material.dart';
import 'package:http/http.dart' as http;
import 'package:path_provider/path_provider.dart';
import 'package:record/record.dart';

const gateUrl = String.fromEnvironment('GATE', defaultValue: 'https://gate.localhost');
const whisperModel = String.fromEnvironment('WHISPER_MODEL', defaultValue: 'Systran/faster-whisper-small');

class GateError implements Exception {
  GateError(this.status, this.message, [this.retryAfter]);

  /// 0: in the middle of a stream.
  final int status;
  final String message;
  final String? retryAfter;

  @override
  String toString() {
    final wait = retryAfter == null ? '' : ' Again in $retryAfter s.';
    return status == 0 ? message : '$status: $message$wait';
  }
}

class Message {
  Message(this.role, this.content);

  final String role;
  String content;

  Map<String, String> toJson() => {'role': role, 'content': content};
}

/// The gate. Closing it ends what runs, which frees the GPU.
class Gate {
  Gate(this.key);

  final String key;
  final http.Client _client = http.Client();

  Future<http.StreamedResponse> _send(http.BaseRequest request) async {
    request.headers['authorization'] = 'Bearer $key';
    final answer = await _client.send(request);
    if (answer.statusCode == 200) {
      return answer;
    }
    final text = await answer.stream.bytesToString();
    throw GateError(answer.statusCode, _message(text), answer.headers['retry-after']);
  }

  /// Ollama's paths say {"error": "text"}, all others {"error": {"message": "text"}}.
  static String _message(String text) {
    try {
      final error = (jsonDecode(text) as Map<String, dynamic>)['error'];
      return error is Map ? '${error['message']}' : '$error';
    } on Object {
      return text; // A page of something in between.
    }
  }

  Future<http.StreamedResponse> _post(String path, Map<String, Object?> body) {
    final request = http.Request('POST', Uri.parse('$gateUrl$path'))
      ..headers['content-type'] = 'application/json'
      ..body = jsonEncode(body);
    return _send(request);
  }

  Future<List<String>> models() async {
    final answer = await _send(http.Request('GET', Uri.parse('$gateUrl/chat/api/tags')));
    final json = jsonDecode(await answer.stream.bytesToString()) as Map<String, dynamic>;
    return [for (final model in json['models'] as List<dynamic>) (model as Map<String, dynamic>)['name'] as String];
  }

  /// The answer's text as it comes.
  Stream<String> chat(String model, List<Message> messages) async* {
    final answer = await _post('/chat/api/chat', {'model': model, 'messages': messages});
    await for (final line in answer.stream.transform(utf8.decoder).transform(const LineSplitter())) {
      final json = jsonDecode(line) as Map<String, dynamic>;
      if (json['error'] != null) {
        throw GateError(0, '${json['error']}');
      }
      final message = json['message'] as Map<String, dynamic>?;
      yield message?['content'] as String? ?? '';
    }
  }

  /// A WAV.
  Future<List<int>> speak(String input) async {
    final answer = await _post(
      '/tts/api/v1/audio/speech',
      {'input': input, 'voice': 'alloy', 'response_format': 'wav'},
    );
    return answer.stream.toBytes();
  }

  Future<String> transcribe(String path) async {
    final request = http.MultipartRequest('POST', Uri.parse('$gateUrl/whisper/api/v1/audio/transcriptions'))
      ..fields['model'] = whisperModel
      ..files.add(await http.MultipartFile.fromPath('file', path));
    final answer = await _send(request);
    final json = jsonDecode(await answer.stream.bytesToString()) as Map<String, dynamic>;
    return json['text'] as String;
  }

  void close() => _client.close();
}

void main() => runApp(const MaterialApp(title: 'Behind the gate', home: TalkPage()));

class TalkPage extends StatefulWidget {
  const TalkPage({super.key});

  @override
  State<TalkPage> createState() => _TalkPageState();
}

class _TalkPageState extends State<TalkPage> {
  final _key = TextEditingController();
  final _text = TextEditingController();
  final _player = AudioPlayer();
  final _recorder = AudioRecorder();
  final _messages = <Message>[];
  List<String> _models = [];
  String? _model;
  Gate? _gate;
  String _said = '';
  bool _busy = false;
  bool _recording = false;

  @override
  void dispose() {
    _gate?.close();
    _player.dispose();
    _recorder.dispose();
    _key.dispose();
    _text.dispose();
    super.dispose();
  }

  void _show(VoidCallback change) {
    if (mounted) {
      setState(change);
    }
  }

  Future<void> _attempt(Future<void> Function() work) async {
    _show(() {
      _busy = true;
      _said = '';
    });
    try {
      await work();
    } on Exception catch (error) {
      _show(() => _said = '$error');
    } finally {
      _show(() => _busy = false);
    }
  }

  Future<void> _enter() async {
    _gate?.close();
    final gate = _gate = Gate(_key.text.trim());
    final models = await gate.models();
    _show(() {
      _models = models;
      _model = models.firstOrNull;
    });
  }

  Future<void> _ask(Gate gate, String model) async {
    final question = Message('user', _text.text);
    final answer = Message('assistant', '');
    _text.clear();
    _show(() => _messages.addAll([question, answer]));
    try {
      await for (final part in gate.chat(model, _messages.sublist(0, _messages.length - 1))) {
        _show(() => answer.content += part);
      }
    } finally {
      if (answer.content.isEmpty) {
        _show(() => _messages.removeRange(_messages.length - 2, _messages.length));
      }
    }
    final wav = await gate.speak(answer.content.characters.take(4096).toString());
    final file = File('${(await getTemporaryDirectory()).path}/answer.wav');
    await file.writeAsBytes(wav);
    await _player.play(DeviceFileSource(file.path));
  }

  Future<void> _record(Gate gate) async {
    if (_recording) {
      final path = await _recorder.stop();
      _show(() => _recording = false);
      if (path != null) {
        _text.text = await gate.transcribe(path);
      }
      return;
    }
    if (!await _recorder.hasPermission()) {
      throw GateError(0, 'The microphone is not allowed.');
    }
    final path = '${(await getTemporaryDirectory()).path}/question.wav';
    await _recorder.start(
      const RecordConfig(encoder: AudioEncoder.wav, sampleRate: 16000, numChannels: 1),
      path: path,
    );
    _show(() => _recording = true);
  }

  @override
  Widget build(BuildContext context) {
    final gate = _gate;
    final model = _model;
    final ready = gate != null && model != null && !_busy;
    return Scaffold(
      appBar: AppBar(title: const Text('Behind the gate')),
      body: Padding(
        padding: const EdgeInsets.all(12),
        child: Column(
          crossAxisAlignment: CrossAxisAlignment.stretch,
          children: [
            TextField(
              controller: _key,
              obscureText: true,
              decoration: const InputDecoration(labelText: 'Key, gw_live_…'),
              onSubmitted: (_) => _attempt(_enter),
            ),
            if (_models.isNotEmpty)
              DropdownButton<String>(
                isExpanded: true,
                value: model,
                items: [for (final each in _models) DropdownMenuItem(value: each, child: Text(each))],
                onChanged: (each) => _show(() => _model = each),
              ),
            Expanded(
              child: ListView(
                children: [
                  for (final message in _messages)
                    ListTile(title: Text(message.content), subtitle: Text(message.role)),
                ],
              ),
            ),
            if (_said.isNotEmpty) Text(_said, style: TextStyle(color: Theme.of(context).colorScheme.error)),
            Row(
              children: [
                Expanded(child: TextField(controller: _text)),
                IconButton(
                  icon: Icon(_recording ? Icons.stop : Icons.mic),
                  onPressed: ready ? () => _attempt(() => _record(gate)) : null,
                ),
                IconButton(
                  icon: const Icon(Icons.send),
                  onPressed: ready ? () => _attempt(() => _ask(gate, model)) : null,
                ),
              ],
            ),
          ],
        ),
      ),
    );
  }
}

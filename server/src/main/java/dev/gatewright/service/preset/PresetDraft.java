package dev.gatewright.service.preset;

import dev.gatewright.relay.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A preset being written down, so that [Presets] reads like a table.
final class PresetDraft {
  /// What OpenAI's own endpoint takes.
  private static final long UPLOAD_BYTES_MAX = 25L << 20;

  /// Loading a model comes before the first byte.
  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(600), Duration.ofSeconds(300));

  private final String id;
  private final List<ServiceEndpoint> endpoints = new ArrayList<>();
  private PathMode path = PathMode.AFTER_API;
  private Probe probe = new Probe("/", 0);
  private @Nullable LoadSignal load;
  private StreamKind stream = StreamKind.NONE;
  private Timeouts phases = PHASES;
  private long uploadBytesMax = UPLOAD_BYTES_MAX;

  PresetDraft(String id) {
    this.id = id;
  }

  PresetDraft keepsApi() {
    path = PathMode.KEEP_API;
    return this;
  }

  /// Methods and paths separated by spaces: `GET /a POST /b`.
  PresetDraft use(String list) {
    return add(list, Access.USE, 0);
  }

  PresetDraft manage(String list) {
    return add(list, Access.MANAGE, 0);
  }

  /// What takes bodies far longer than the rest does.
  PresetDraft manageLarge(String list, long bodyBytesMax) {
    return add(list, Access.MANAGE, bodyBytesMax);
  }

  private PresetDraft add(String list, Access access, long bodyBytesMax) {
    String[] words = list.strip().split("\\s+", -1);
    for (int i = 0; i < words.length; i += 2) {
      endpoints.add(new ServiceEndpoint(words[i], words[i + 1], access, bodyBytesMax));
    }
    return this;
  }

  PresetDraft probe(String path, int status) {
    probe = new Probe(path, status);
    return this;
  }

  PresetDraft load(String path, String list, String name) {
    load = new LoadSignal(path, list, name);
    return this;
  }

  PresetDraft streams(StreamKind kind) {
    stream = kind;
    return this;
  }

  PresetDraft firstByte(Duration limit) {
    phases = new Timeouts(phases.connect(), limit, phases.idle());
    return this;
  }

  PresetDraft uploads(long bytesMax) {
    uploadBytesMax = bytesMax;
    return this;
  }

  Preset done() {
    return new Preset(id, path, endpoints, probe, load, stream, phases, uploadBytesMax);
  }
}

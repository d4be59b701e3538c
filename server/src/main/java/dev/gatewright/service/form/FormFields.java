package dev.gatewright.service.form;

import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.service.body.ModelName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the field `model` of a form, and the head of its recording. Confined to one thread.
final class FormFields implements MultipartScanner.Parts {
  private static final String MODEL = "model";

  private final Measure measure;
  private @Nullable ByteArrayOutputStream value;
  private @Nullable WavHeader wave;
  private @Nullable String model;
  private @Nullable Refusal refusal;
  private boolean named;
  private boolean fileBegun;

  FormFields(Measure measure) {
    this.measure = measure;
  }

  /// Null until the whole part has passed.
  @Nullable String model() {
    return model;
  }

  boolean fileBegun() {
    return fileBegun;
  }

  /// Why the form may not pass; null = nothing found yet.
  @Nullable Refusal refusal() {
    return refusal;
  }

  @Override
  public void began(PartHeader header) {
    fileBegun |= header.file();
    if (!header.name().strip().equalsIgnoreCase(MODEL)) {
      wave = header.file() ? new WavHeader() : null;
      return;
    }
    if (named) {
      refusal = Refusal.invalid("model: given twice (expected: once)", MODEL);
    } else if (!header.name().equals(MODEL) || header.file()) {
      refusal = Refusal.invalid("model: expected a plain field with exactly this name", MODEL);
    }
    named = true;
    value = new ByteArrayOutputStream();
  }

  @Override
  public void data(byte[] bytes, int from, int to) {
    if (value != null && value.size() <= JsonWalker.TEXT_BYTES_MAX) {
      value.write(bytes, from, to - from);
    } else if (wave != null && !wave.take(bytes, from, to)) {
      recorded(wave);
    }
  }

  @Override
  public void ended() {
    if (wave != null) {
      recorded(wave);
    }
    if (value != null) {
      String name = value.toString(StandardCharsets.UTF_8);
      value = null;
      if (name.isEmpty() || !ModelName.acceptable(name)) {
        refusal = refusal != null ? refusal : ModelName.refusal(MODEL);
      } else {
        model = name;
      }
    }
  }

  private void recorded(WavHeader recording) {
    measure.audioMillis(recording.millis());
    wave = null;
  }
}

package dev.gatewright.service.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/services.md` holds what the code says. `-Dgolden.write=true` writes the
/// generated part anew.
class ServiceReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/services.md");
  private static final String BEGIN = "<!-- generated from the code by ServiceReferenceTest -->\n";
  private static final String END = "<!-- end of the generated part -->\n";

  @Test
  void the_pages_tables_are_the_codes() throws IOException {
    String text = Files.readString(PAGE);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (Boolean.getBoolean("golden.write")) {
      text = text.substring(0, from) + generated() + text.substring(to);
      Files.writeString(PAGE, text);
      to = text.indexOf(END);
    }
    assertThat(text.substring(from, to)).isEqualTo(generated());
  }

  private static String generated() {
    StringBuilder text =
        new StringBuilder(
            "\n## Presets\n| preset | `path` | probe | `max-upload` | use | manage |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Preset preset : Presets.all()) {
      text.append(
          "| `%s` | `%s` | `GET %s` | %d MiB | %s | %s |\n"
              .formatted(
                  preset.id(),
                  preset.path().id(),
                  preset.probe().path(),
                  preset.uploadBytesMax() >> 20,
                  paths(preset, Access.USE),
                  paths(preset, Access.MANAGE)));
    }
    fields(text, "Ollama's own paths", BodyFields.OLLAMA);
    fields(text, "OpenAI-like paths", BodyFields.OPENAI);
    fields(text, "Speech", BodyFields.VOICE);
    fields(text, "Pictures, OpenAI's form", BodyFields.PICTURES);
    fields(text, "Pictures, A1111", BodyFields.A1111);
    return text.append('\n').toString();
  }

  private static String paths(Preset preset, Access access) {
    return preset.endpoints().stream()
        .filter(endpoint -> endpoint.access() == access)
        .map(endpoint -> "`%s %s`".formatted(endpoint.method(), endpoint.path()))
        .collect(Collectors.joining(", "));
  }

  private static void fields(StringBuilder text, String title, BodyFields fields) {
    text.append("\n### Fields: %s\n| field | rule | |\n|---|---|---|\n".formatted(title));
    for (BodyField field : fields.list()) {
      String rule = field.rule().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      text.append("| `%s` | %s | %s |\n".formatted(field.path(), rule, field.rule().text()));
    }
  }
}

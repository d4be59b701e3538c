package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.room.provider.CapabilityTable;
import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.daily.DailyRooms;
import dev.gatewright.room.provider.janus.JanusRooms;
import dev.gatewright.room.provider.livekit.LivekitRooms;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `docs/reference/rooms/<provider>.md` holds what the code says. `-Dgolden.write=true` writes the
/// generated part anew.
class RoomReferenceTest {
  private static final String BEGIN = "<!-- generated from the code by RoomReferenceTest -->\n";
  private static final String END = "<!-- end of the generated part -->\n";

  static Stream<RoomProvider> providers() {
    ProviderHttp nowhere =
        call -> {
          throw new AssertionError(call);
        };
    return Stream.of(
        new DailyRooms(null, nowhere),
        new LivekitRooms(nowhere, Time.system()),
        new JanusRooms(nowhere, Time.system(), (_, _, _) -> Secret.of("x")));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void each_page_s_tables_are_the_code_s(RoomProvider provider) throws IOException {
    Path page = Path.of("../docs/reference/rooms/" + provider.facts().id() + ".md");
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (Boolean.getBoolean("golden.write")) {
      text = text.substring(0, from) + generated(provider) + text.substring(to);
      Files.writeString(page, text);
      to = text.indexOf(END);
    }
    assertThat(text.substring(from, to)).isEqualTo(generated(provider));
  }

  private static String generated(RoomProvider provider) {
    ProviderFacts facts = provider.facts();
    StringBuilder text = new StringBuilder("\n## Credential\n| field | | |\n|---|---|---|\n");
    for (CredentialField field : facts.credential()) {
      text.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  field.name(), field.required() ? "required" : "optional", field.description()));
    }
    text.append("\n## Capabilities\n| capability | asked | outcome | |\n|---|---|---|---|\n");
    for (CapabilityTable.Line line : CapabilityTable.of(provider)) {
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(line.name(), line.asked(), line.outcome(), line.reason()));
    }
    text.append("\n## Roles\n| role | outcome | |\n|---|---|---|\n");
    for (Role role : Role.values()) {
      Outcome outcome = facts.roles().getOrDefault(role, Outcome.APPLIED);
      text.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  role.id(), outcome.outcome(), outcome.reason() == null ? "" : outcome.reason()));
    }
    return text.append("\n## Two creates of one name\n")
        .append(facts.nameWindow())
        .append("\n\n## The room's end\n")
        .append(
            facts.endsRooms()
                ? "The provider ends the room itself.\n\n"
                : "The gate ends the room, within five seconds of its time.\n\n")
        .toString();
  }
}

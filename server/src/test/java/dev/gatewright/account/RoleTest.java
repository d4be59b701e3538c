package dev.gatewright.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.rest.Permission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The one table of what roles may, and the page that prints it.
class RoleTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "reference", "permissions.md");

  @Test
  void the_page_prints_the_table_as_it_is_in_code() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Permission permission : Permission.values()) {
      StringBuilder row = new StringBuilder("| `%s` |".formatted(permission.word()));
      for (Role role : Role.values()) {
        row.append(' ').append(word(role.extent(permission))).append(" |");
      }
      expected.add(row.toString());
    }
    List<String> printed =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.matches("\\| `[a-z.]+` \\|.*"))
            .toList();
    assertThat(printed)
        .as("docs/reference/permissions.md must hold:\n" + String.join("\n", expected))
        .isEqualTo(expected);
  }

  private static String word(Extent extent) {
    return extent == Extent.NONE ? "–" : extent.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Test
  void an_owner_has_whatever_any_other_has() {
    for (Role role : Role.values()) {
      assertThat(role.within(Role.OWNER)).as(role.word()).isTrue();
      assertThat(Role.OWNER.within(role)).as(role.word()).isEqualTo(role == Role.OWNER);
      assertThat(Role.of(role.word())).isEqualTo(role);
    }
    // Who pays the bills may what an admin may not.
    assertThat(Role.BILLING.within(Role.ADMIN)).isFalse();
    assertThat(Role.DEVELOPER.within(Role.ADMIN)).isTrue();
    assertThat(Role.VIEWER.within(Role.ADMIN)).isTrue();
  }

  @Test
  void what_may_be_written_may_be_read() {
    for (Permission permission : Permission.values()) {
      for (Role role : Role.values()) {
        if (role.extent(permission) != Extent.NONE) {
          assertThat(role.extent(permission.read()))
              .as("%s of %s", permission.read().word(), role.word())
              .isNotEqualTo(Extent.NONE);
        }
      }
    }
  }
}

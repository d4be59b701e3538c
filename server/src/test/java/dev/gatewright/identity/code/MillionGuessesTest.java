package dev.gatewright.identity.code;

import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import org.junit.jupiter.api.Tag;

/// As [LoginTest] does with fewer.
class MillionGuessesTest {
  @EachDatabase
  @Tag("long")
  void no_guess_of_a_million_is_right(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      stack.guess(1_000_000);
    }
  }
}

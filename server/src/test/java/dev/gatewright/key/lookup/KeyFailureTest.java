package dev.gatewright.key.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/// What a failing store and the logs may lead to: never a caller let in, never a secret shown.
class KeyFailureTest {
  @EachDatabase
  void a_store_that_fails_lets_nobody_in_and_recovers(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      BrokenDatabase switched = new BrokenDatabase(database);
      KeyDirectory directory =
          new KeyDirectory(
              switched, test.feed, test.keys.pepper(), test.time, null, test.keys.use());
      String cold = test.make(ApiKey.Kind.LIVE).text().expose();
      String warm = test.make(ApiKey.Kind.LIVE).text().expose();
      test.settle();
      TestKeys.find(directory, warm, TestKeys.CLIENT);
      switched.broken = true;
      for (boolean atOnce : new boolean[] {false, true}) {
        switched.atOnce = atOnce;
        assertThat(TestKeys.find(directory, cold, TestKeys.CLIENT))
            .isEqualTo(new KeyLookup.Unavailable("store", 1));
        assertThat(TestKeys.find(directory, warm, TestKeys.CLIENT))
            .isInstanceOf(KeyLookup.Found.class);
      }
      switched.broken = false;
      assertThat(TestKeys.find(directory, cold, TestKeys.CLIENT))
          .isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void no_log_line_shows_a_secret(Database database) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    List<String> secrets = new ArrayList<>();
    try (TestKeys test = new TestKeys(database)) {
      root.setLevel(Level.TRACE);
      root.addAppender(lines);
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      secrets.add(made.text().expose());
      test.find(made.text());
      Secret next = test.rotate(made.key().id(), Duration.ZERO).text();
      secrets.add(next.expose());
      test.find(made.text());
      test.revoke(made);
      test.find(next);
      test.find(test.keys.localAdmin().text());
      secrets.add(test.keys.localAdmin().text().expose());
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }
    assertThat(lines.list).isNotEmpty();
    for (ILoggingEvent line : List.copyOf(lines.list)) {
      for (String secret : secrets) {
        assertThat(line.getFormattedMessage()).doesNotContain(secret.split("_")[3]);
      }
    }
  }
}

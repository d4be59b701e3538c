package dev.gatewright.key.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.config.Settings;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeysConfig;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyGuard;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/// Keys served from another gate's file.
class KeyFileWatchTest {
  private static final String ADA = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";
  private static final String BOB = "Hn5Mw2xQe7Tz9KcVb4RyLs8PdFg3JaUi";

  @TempDir Path folder;

  private Path write(String content) throws IOException {
    Path file = folder.resolve("keys.json");
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static String of(String... keys) {
    StringBuilder map = new StringBuilder("{");
    for (String key : keys) {
      map.append(map.length() > 1 ? ",\n" : "").append("\"").append(key).append("\": ");
      map.append("{\"user\":\"u\",\"service\":\"chat\"}");
    }
    return map.append("}").toString();
  }

  private static KeyFileWatch watch(TestKeys test, Path file) {
    return Objects.requireNonNull(test.keys.watch(new KeysConfig(file), test.time));
  }

  private static boolean works(TestKeys test, String key) {
    return test.find(Secret.of(key)) instanceof KeyLookup.Found;
  }

  @EachDatabase
  void an_edit_is_in_force_even_when_size_and_time_stay_the_same(Database database)
      throws IOException {
    Path file = write(of(ADA));
    FileTime time = Files.getLastModifiedTime(file);
    try (TestKeys test = new TestKeys(database);
        KeyFileWatch _ = watch(test, file)) {
      assertThat(works(test, ADA)).isTrue();
      assertThat(works(test, BOB)).isFalse();
      write(of(BOB));
      Files.setLastModifiedTime(file, time);
      Await.until(() -> works(test, BOB));
      assertThat(works(test, ADA)).isFalse();
      assertThat(test.keys.directory().unknownCount()).isZero();
    }
  }

  @EachDatabase
  void a_bad_edit_and_an_open_file_leave_the_last_good_copy(Database database) throws IOException {
    Path file = write(of(ADA));
    try (TestKeys test = new TestKeys(database);
        KeyFileWatch watch = watch(test, file)) {
      write("{\"" + BOB + "\": {");
      Await.until(() -> watch.problem() != null);
      assertThat(watch.problem()).contains("not JSON").doesNotContain(BOB);
      assertThat(works(test, ADA)).isTrue();
      write(of(ADA, BOB));
      Await.until(() -> watch.problem() == null && works(test, BOB));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      Await.until(() -> watch.problem() != null);
      assertThat(watch.problem()).contains("chmod 600");
      assertThat(works(test, ADA)).isTrue();
      Files.delete(file);
      Await.until(() -> String.valueOf(watch.problem()).contains("does not exist"));
      assertThat(works(test, ADA)).isTrue();
    }
  }

  @EachDatabase
  void a_start_refuses_a_file_that_is_open_missing_or_broken(Database database) throws IOException {
    try (TestKeys test = new TestKeys(database)) {
      Path file = write(of(ADA));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThatThrownBy(() -> watch(test, file))
          .isInstanceOf(Settings.InvalidSetting.class)
          .hasMessageContaining("may be read or written by others");
      write("[]");
      assertThatThrownBy(() -> watch(test, file)).isInstanceOf(Settings.InvalidSetting.class);
      Files.delete(file);
      assertThatThrownBy(() -> watch(test, file)).hasMessageContaining("does not exist");
      assertThat(works(test, ADA)).isFalse();
    }
  }

  @EachDatabase
  void a_key_taken_out_ends_its_running_calls(Database database) throws IOException {
    DefaultEventLoop loop = new DefaultEventLoop();
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
        KeyFileWatch _ = watch(test, write(of(ADA, BOB)))) {
      AtomicInteger ended = new AtomicInteger();
      AtomicInteger spared = new AtomicInteger();
      enter(test, admission, loop, ADA, ended);
      enter(test, admission, loop, BOB, spared);
      write(of(BOB));
      Await.until(() -> ended.get() == 1);
      assertThat(works(test, ADA)).isFalse();
      assertThat(spared).hasValue(0);
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static void enter(
      TestKeys test, KeyAdmission admission, DefaultEventLoop loop, String key, AtomicInteger end) {
    KeyLookup.Found found = (KeyLookup.Found) test.find(Secret.of(key));
    admission.liveCalls().enter(KeyCaller.of(found), loop, end::incrementAndGet);
  }

  @EachDatabase
  void the_file_owns_its_keys(Database database) throws IOException {
    try (TestKeys test = new TestKeys(database);
        KeyFileWatch _ = watch(test, write(of(ADA)))) {
      String organization = test.owner().organizationId();
      KeyLists lists = test.keys.lists();
      ApiKey key = ((KeyLookup.Found) test.find(Secret.of(ADA))).key();
      assertThat(key.origin()).isEqualTo(ApiKey.Origin.FILE);
      assertThat(lists.list(organization, new KeyFilter(null, null, null, 50)).keys())
          .extracting(stored -> stored.key().id())
          .contains(key.id());
      assertThat(lists.find(organization, key.id())).isPresent();
      assertThat(lists.find("org_other", key.id())).isEmpty();
      assertThat(test.keys.changes().revoke(test.local(), key.id(), KeyGuard.NONE))
          .isInstanceOf(KeyChanges.Outcome.OfFile.class);
      assertThat(works(test, ADA)).isTrue();
    }
  }
}

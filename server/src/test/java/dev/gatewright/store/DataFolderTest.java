package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.telemetry.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path temporary;

  @Test
  void is_for_its_owner_alone_and_so_is_every_file_in_it() throws Exception {
    Path path = temporary.resolve("a/data");
    try (Database database = Stores.open(StoreConfig.sqlite(path), Time.system())) {
      database.write(handle -> handle.execute("CREATE TABLE thing (id BIGINT)"));

      assertThat(mode(path)).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(path)) {
        assertThat(files.toList()).hasSizeGreaterThan(2).allMatch(f -> "rw-------".equals(mode(f)));
      }
    }
  }

  @Test
  void refuses_a_second_start_naming_folder_and_process() {
    StoreConfig config = StoreConfig.sqlite(temporary);
    try (Database first = Stores.open(config, Time.system())) {
      assertThat(first.kind()).isEqualTo(Database.Kind.SQLITE);

      assertThatThrownBy(() -> Stores.open(config, Time.system()))
          .isInstanceOf(DataFolder.InUse.class)
          .hasMessageContaining(temporary.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void can_be_taken_again_once_given_back() {
    StoreConfig config = StoreConfig.sqlite(temporary);
    Stores.open(config, Time.system()).close();

    try (Database again = Stores.open(config, Time.system())) {
      int one = again.read(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
      assertThat(one).isEqualTo(1);
    }
  }

  @Test
  void a_folder_that_everybody_writes_is_refused_and_left_as_it_is() throws Exception {
    Path open = folder("open", "rwxrwxrwx");
    assertThatThrownBy(() -> DataFolder.of(open))
        .isInstanceOf(DataFolder.Unusable.class)
        .hasMessageContaining(open.toString())
        .hasMessageContaining("everybody");
    assertThat(mode(open)).isEqualTo("rwxrwxrwx");
  }

  @Test
  void a_folder_of_other_things_is_not_closed_to_others() throws Exception {
    Path shared = folder("shared", "rwxr-xr-x");
    Path thing = Files.createFile(shared.resolve("holiday.jpg"));
    assertThatThrownBy(() -> DataFolder.of(shared))
        .isInstanceOf(DataFolder.Unusable.class)
        .hasMessageContaining("other things");
    assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
    Files.delete(thing);
    DataFolder.of(shared);
    assertThat(mode(shared)).isEqualTo("rwx------");
  }

  @Test
  void a_link_in_the_place_of_a_file_is_not_followed() throws Exception {
    Path elsewhere = Files.createFile(temporary.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-r--r--"));
    Path path = folder("data", "rwx------");
    Files.createSymbolicLink(path.resolve("lock"), elsewhere);
    assertThatThrownBy(() -> DataFolder.of(path).lock())
        .isInstanceOf(DataFolder.Unusable.class)
        .hasMessageContaining("link");
    assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
    assertThat(elsewhere).isEmptyFile();
  }

  private Path folder(String name, String mode) throws Exception {
    Path made = Files.createDirectory(temporary.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

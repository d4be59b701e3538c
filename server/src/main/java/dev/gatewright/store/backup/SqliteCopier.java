package dev.gatewright.store.backup;

import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.Migrations;
import dev.gatewright.store.SqliteConnections;
import dev.gatewright.store.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The database file, as one read transaction of SQLite sees it while the server goes on writing.
final class SqliteCopier implements Copier {
  private final Path dataFolder;

  SqliteCopier(Path dataFolder) {
    this.dataFolder = dataFolder;
  }

  @Override
  public String store() {
    return "sqlite";
  }

  @Override
  public Snapshot take(Path folder) {
    Path database = dataFolder.resolve(SqliteDatabase.FILE);
    if (!Files.isRegularFile(database)) {
      throw new BackupFailed("there is no %s".formatted(database));
    }
    Path copy = folder.resolve(SqliteDatabase.FILE);
    try (Connection connection = SqliteConnections.forMigrations(database).getConnection();
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, copy.toString());
      vacuum.execute();
    } catch (SQLException e) {
      throw new BackupFailed("%s cannot be read: %s".formatted(database, e.getMessage()), e);
    }
    return new Snapshot(
        Migrations.applied(SqliteConnections.forMigrations(copy), Database.Kind.SQLITE).getLast(),
        Map.of(SqliteDatabase.FILE, copy));
  }

  /// The file alone: whoever replaces one replaces the whole folder, see [FolderSwap].
  @Override
  public @Nullable String put(Manifest manifest, Path folder, @Nullable String beforeMoment) {
    Path copy = folder.resolve(SqliteDatabase.FILE);
    if (!Files.isRegularFile(copy)) {
      throw new BackupFailed("it holds no " + SqliteDatabase.FILE);
    }
    manifest.requireKnown(
        Migrations.known(
            SqliteConnections.forMigrations(Path.of(":memory:")), Database.Kind.SQLITE));
    try {
      Path into = DataFolder.of(dataFolder).file(SqliteDatabase.FILE);
      Files.move(copy, into, StandardCopyOption.ATOMIC_MOVE);
      DataFolder.of(dataFolder).privateFile(SqliteDatabase.FILE);
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

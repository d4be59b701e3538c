package dev.gatewright.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings a database's tables up to date. Each package adds its own files, so a file may be older
/// than one that has run already: order is by dependency of tables, not by time of merging.
final class Migrations {
  private Migrations() {}

  static void run(DataSource source, Database.Kind kind) {
    String folder =
        switch (kind) {
          case SQLITE -> "sqlite";
          case POSTGRES -> "postgres";
        };
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:db/" + folder)
          .outOfOrder(true)
          // A newer version's migration is no reason to refuse the older one during a roll-back.
          .ignoreMigrationPatterns("*:future")
          .table("schema_history")
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreFailed("the store's tables cannot be brought up to date", e);
    }
  }
}

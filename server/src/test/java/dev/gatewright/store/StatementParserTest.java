package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {
  private static final Jdbi ANY = Jdbi.create("jdbc:sqlite::memory:");

  private static ParsedSql parsed(SqlParser by, String sql) {
    return ANY.withHandle(handle -> by.parse(sql, handle.createQuery("SELECT 1").getContext()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "",
        "SELECT a FROM b WHERE c = ? AND d IN (?,?)",
        "INSERT INTO a (b, c) VALUES (:b, :someC)",
        "SELECT ':no', '?', 'it''s ?', \"a:b\" FROM t WHERE x = :x",
        "SELECT 1 -- what? :none\n FROM t WHERE x = ?",
        "SELECT 1 /* what? :none */ FROM t WHERE x = ?",
        "SELECT x::text, CAST(:z AS TEXT) FROM t WHERE y = :y ::bigint",
        "UPDATE a SET b = b - 1, c = :c/2 WHERE d = :d"
      })
  void finds_what_jdbi_finds(String sql) {
    ParsedSql theirs = parsed(new ColonPrefixSqlParser(), sql);
    ParsedSql ours = parsed(new StatementParser(), sql);
    assertThat(ours.getSql()).isEqualTo(theirs.getSql());
    assertThat(ours.getParameters()).isEqualTo(theirs.getParameters());
  }

  @Test
  void what_does_not_end_holds_no_parameter() {
    for (String sql : List.of("SELECT 'a ?", "SELECT \"a :b", "SELECT 1 -- ?", "SELECT /* ?")) {
      ParsedSql ours = parsed(new StatementParser(), sql);
      assertThat(ours.getSql()).isEqualTo(sql);
      assertThat(ours.getParameters().getParameterCount()).isZero();
    }
  }

  @Test
  void every_connection_uses_it(@TempDir Path folder) {
    Jdbi jdbi = SqliteConnections.writer(folder.resolve("a.db"));
    assertThat(jdbi.getConfig(SqlStatements.class).getSqlParser())
        .isInstanceOf(StatementParser.class);
    int sum =
        jdbi.withHandle(handle ->
            handle
                .createQuery("SELECT :one + :two WHERE ':one' <> ''")
                .bind("one", 1)
                .bind("two", 2)
                .mapTo(Integer.class)
                .one());
    assertThat(sum).isEqualTo(3);
  }
}
